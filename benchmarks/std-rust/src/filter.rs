//! The twin of benchmarks/jwt/filter.ts.
use crate::jwt::Verifier;
use proxy_wasm::traits::{Context, HttpContext, RootContext};
use proxy_wasm::types::{Action, ContextType, LogLevel};
use serde_json::Value;
use std::rc::Rc;
use std::time::UNIX_EPOCH;

proxy_wasm::main! {{
    proxy_wasm::set_log_level(LogLevel::Warn);
    proxy_wasm::set_root_context(|_| Box::new(Root { verifier: None }));
}}

struct Root {
    verifier: Option<Rc<Verifier>>,
}

impl Context for Root {}

impl RootContext for Root {
    fn on_configure(&mut self, _size: usize) -> bool {
        let config: Value = match self
            .get_plugin_configuration()
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        {
            Some(config) => config,
            None => return false,
        };
        let text = |name: &str| config.get(name).and_then(Value::as_str).unwrap_or("");
        self.verifier =
            Verifier::new(text("secret").as_bytes(), text("issuer"), text("audience")).map(Rc::new);
        self.verifier.is_some()
    }

    fn get_type(&self) -> Option<ContextType> {
        Some(ContextType::HttpContext)
    }

    fn create_http_context(&self, _id: u32) -> Option<Box<dyn HttpContext>> {
        Some(Box::new(Stream { verifier: self.verifier.clone()? }))
    }
}

struct Stream {
    verifier: Rc<Verifier>,
}

impl Context for Stream {}

impl HttpContext for Stream {
    fn on_http_request_headers(&mut self, _count: usize, _end: bool) -> Action {
        let authorization = self.get_http_request_header("authorization");
        let now = self
            .get_current_time()
            .duration_since(UNIX_EPOCH)
            .map(|time| time.as_secs_f64())
            .unwrap_or(0.0);
        let subject = authorization
            .as_deref()
            .and_then(|value| value.strip_prefix("Bearer "))
            .and_then(|token| self.verifier.verify(token, now))
            .and_then(|claims| claims.get("sub").and_then(Value::as_str).map(str::to_string));
        match subject {
            Some(subject) => {
                self.set_http_request_header("x-subject", Some(&subject));
                Action::Continue
            }
            None => {
                self.send_http_response(401, vec![], Some(b"unauthorized\n"));
                Action::Pause
            }
        }
    }
}
