use crate::jwt::Verifier;
use aho_corasick::AhoCorasick;
use base64::{engine::general_purpose::STANDARD, Engine};
use hmac::{Hmac, Mac};
use regex::Regex;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256, Sha512};
use std::hint::black_box;
use std::io::{self, Read};
use std::sync::LazyLock;

static mut INPUT: Vec<u8> = Vec::new();

/// Makes room for an input; answers where it is to be written.
#[no_mangle]
#[allow(static_mut_refs)]
pub extern "C" fn allocate(size: usize) -> *mut u8 {
    unsafe {
        INPUT = vec![0; size];
        INPUT.as_mut_ptr()
    }
}

#[allow(static_mut_refs)]
fn input() -> &'static [u8] {
    black_box(unsafe { &INPUT })
}

fn text() -> &'static str {
    std::str::from_utf8(input()).unwrap_or("")
}

fn repeat(count: i32, mut once: impl FnMut() -> usize) -> i32 {
    (0..count).fold(0i32, |sum, _| sum.wrapping_add(once() as i32))
}

#[derive(Serialize, Deserialize)]
struct Key {
    id: String,
    secret: String,
    limit: i64,
    enabled: bool,
}

#[derive(Serialize, Deserialize)]
struct Config {
    header: String,
    realm: String,
    keys: Vec<Key>,
}

#[no_mangle]
#[allow(non_snake_case)]
pub extern "C" fn jsonRead(count: i32) -> i32 {
    repeat(count, || {
        let config: Config = serde_json::from_slice(input()).unwrap();
        let mut sum = config.header.len() + config.realm.len();
        for key in &config.keys {
            sum += key.id.len() + key.secret.len() + key.limit as usize + key.enabled as usize;
        }
        sum
    })
}

#[no_mangle]
#[allow(non_snake_case)]
pub extern "C" fn jsonWrite(count: i32) -> i32 {
    let config: Config = serde_json::from_slice(input()).unwrap();
    repeat(count, || serde_json::to_vec(black_box(&config)).unwrap().len())
}

#[no_mangle]
#[allow(non_snake_case)]
pub extern "C" fn base64Encode(count: i32) -> i32 {
    repeat(count, || black_box(STANDARD.encode(input())).len())
}

#[no_mangle]
#[allow(non_snake_case)]
pub extern "C" fn base64Decode(count: i32) -> i32 {
    repeat(count, || black_box(STANDARD.decode(input()).unwrap()).len())
}

#[no_mangle]
#[allow(non_snake_case)]
pub extern "C" fn hexEncode(count: i32) -> i32 {
    repeat(count, || black_box(hex::encode(input())).len())
}

#[no_mangle]
#[allow(non_snake_case)]
pub extern "C" fn hexDecode(count: i32) -> i32 {
    repeat(count, || black_box(hex::decode(input()).unwrap()).len())
}

#[no_mangle]
pub extern "C" fn sha256(count: i32) -> i32 {
    repeat(count, || Sha256::digest(input())[0] as usize)
}

#[no_mangle]
pub extern "C" fn sha512(count: i32) -> i32 {
    repeat(count, || Sha512::digest(input())[0] as usize)
}

#[no_mangle]
pub extern "C" fn hmac(count: i32) -> i32 {
    let prepared = Hmac::<Sha256>::new_from_slice(b"0123456789abcdef0123456789abcdef").unwrap();
    repeat(count, || {
        let mut mac = prepared.clone();
        mac.update(input());
        mac.finalize().into_bytes()[0] as usize
    })
}

#[no_mangle]
#[allow(non_snake_case)]
pub extern "C" fn percentDecode(count: i32) -> i32 {
    repeat(count, || {
        let decoded = percent_encoding::percent_decode_str(text()).decode_utf8().unwrap();
        black_box(decoded.into_owned()).encode_utf16().count()
    })
}

#[no_mangle]
pub extern "C" fn query(count: i32) -> i32 {
    repeat(count, || {
        let value = form_urlencoded::parse(input()).find(|(name, _)| name == "page");
        value.map_or(0, |(_, value)| value.len())
    })
}

static ROUTE: LazyLock<Regex> =
    LazyLock::new(|| Regex::new(r"^/api/v([0-9]+)/([a-z]+)/(\w+)$").unwrap());
static HOST: LazyLock<Regex> = LazyLock::new(|| Regex::new(r"[a-z]+-[0-9]+\.example").unwrap());

#[no_mangle]
#[allow(non_snake_case)]
pub extern "C" fn regexFind(count: i32) -> i32 {
    repeat(count, || {
        let groups = ROUTE.captures(text()).unwrap();
        (1..=3).map(|group| groups[group].to_string().len()).sum()
    })
}

#[no_mangle]
#[allow(non_snake_case)]
pub extern "C" fn regexSearch(count: i32) -> i32 {
    repeat(count, || usize::from(HOST.is_match(text())))
}

/// A body that comes in parts.
struct Parts<'a>(&'a [u8]);

impl Read for Parts<'_> {
    fn read(&mut self, target: &mut [u8]) -> io::Result<usize> {
        let size = self.0.len().min(1024).min(target.len());
        let (part, rest) = self.0.split_at(size);
        target[..size].copy_from_slice(part);
        self.0 = rest;
        Ok(size)
    }
}

#[no_mangle]
#[allow(non_snake_case)]
pub extern "C" fn streamReplace(count: i32) -> i32 {
    let needles = AhoCorasick::new(["http://internal.example", "secret", "needle"]).unwrap();
    let replacements = ["https://www.example", "***", "a pin"];
    repeat(count, || {
        let mut output = Vec::new();
        needles.try_stream_replace_all(Parts(input()), &mut output, &replacements).unwrap();
        black_box(output).len()
    })
}

#[no_mangle]
pub extern "C" fn jwt(count: i32) -> i32 {
    let secret = b"0123456789abcdef0123456789abcdef";
    let verifier = Verifier::new(secret, "https://issuer.example", "api").unwrap();
    repeat(count, || {
        let claims = verifier.verify(text(), 1_700_000_000.0).unwrap();
        claims.get("sub").and_then(|sub| sub.as_str()).map_or(0, str::len)
    })
}
