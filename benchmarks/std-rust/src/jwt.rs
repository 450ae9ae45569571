//! HS256 tokens with the crates that most would take: as much of the checks as std/jwt.ts makes by
//! default.
use base64::{engine::general_purpose::URL_SAFE_NO_PAD, Engine};
use hmac::{Hmac, Mac};
use serde_json::Value;
use sha2::Sha256;

pub struct Verifier {
    mac: Hmac<Sha256>,
    issuer: String,
    audience: String,
}

const SKEW: f64 = 60.0;

impl Verifier {
    pub fn new(secret: &[u8], issuer: &str, audience: &str) -> Option<Self> {
        let mac = Hmac::<Sha256>::new_from_slice(secret).ok()?;
        Some(Self { mac, issuer: issuer.to_string(), audience: audience.to_string() })
    }

    /// The claims of a token that is right; `now` is in seconds.
    pub fn verify(&self, token: &str, now: f64) -> Option<Value> {
        let (input, signature) = token.rsplit_once('.')?;
        let (header, claims) = input.split_once('.')?;
        let header: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(header).ok()?).ok()?;
        if header.get("alg")?.as_str()? != "HS256" || header.get("crit").is_some() {
            return None;
        }
        let signature = URL_SAFE_NO_PAD.decode(signature).ok()?;
        let mut mac = self.mac.clone();
        mac.update(input.as_bytes());
        mac.verify_slice(&signature).ok()?;
        let claims: Value = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).ok()?).ok()?;
        if now >= claims.get("exp")?.as_f64()? + SKEW {
            return None;
        }
        for name in ["nbf", "iat"] {
            if let Some(time) = claims.get(name) {
                if now < time.as_f64()? - SKEW {
                    return None;
                }
            }
        }
        if claims.get("iss")?.as_str()? != self.issuer {
            return None;
        }
        let right = match claims.get("aud")? {
            Value::String(one) => *one == self.audience,
            Value::Array(all) => all.iter().any(|one| one.as_str() == Some(&self.audience)),
            _ => false,
        };
        right.then_some(claims)
    }
}
