//! What scripts/foreign-sdk.mjs runs on the in-process host and in Envoy: headers, a body, a callout, a
//! timer, shared data, a metric and a local response, by the Rust SDK.
use proxy_wasm::traits::*;
use proxy_wasm::types::*;
use std::time::Duration;

proxy_wasm::main! {{
    proxy_wasm::set_log_level(LogLevel::Info);
    proxy_wasm::set_root_context(|_| Box::new(Root));
}}

struct Root;

impl Context for Root {}

impl RootContext for Root {
    fn on_vm_start(&mut self, size: usize) -> bool {
        log::info!("vm start {size}");
        true
    }
    fn on_configure(&mut self, _size: usize) -> bool {
        let text = self.get_plugin_configuration().unwrap_or_default();
        log::info!("configured {}", String::from_utf8_lossy(&text));
        true
    }
    fn create_http_context(&self, _id: u32) -> Option<Box<dyn HttpContext>> {
        Some(Box::new(Filter))
    }
    fn get_type(&self) -> Option<ContextType> {
        Some(ContextType::HttpContext)
    }
}

struct Filter;

impl Context for Filter {
    fn on_http_call_response(&mut self, _id: u32, headers: usize, body: usize, trailers: usize) {
        let status = self.get_http_call_response_header(":status");
        log::info!("answered {status:?} {} {} {trailers}", headers > 0, body > 0);
        self.set_http_request_header("x-asked", Some("yes"));
        self.resume_http_request();
    }
}

impl HttpContext for Filter {
    fn on_http_request_headers(&mut self, count: usize, end: bool) -> Action {
        let path = self.get_http_request_header(":path").unwrap_or_default();
        log::info!("request {path} {count} {end} {}", self.get_http_request_headers().len());
        self.add_http_request_header("x-sdk", "rust");
        match path.as_str() {
            "/local" => {
                self.send_http_response(418, vec![("x-why", "tea")], Some(b"short and stout"));
                Action::Pause
            }
            "/ask" => {
                let headers = vec![(":method", "GET"), (":path", "/"), (":authority", "a")];
                let sent = self.dispatch_http_call("upstream", headers, None, vec![], Duration::from_secs(5));
                log::info!("asked {}", sent.is_ok());
                Action::Pause
            }
            "/nowhere" => {
                let headers = vec![(":method", "GET"), (":path", "/"), (":authority", "a")];
                let sent = self.dispatch_http_call("nowhere", headers, None, vec![], Duration::from_secs(5));
                log::info!("asked {sent:?}");
                Action::Continue
            }
            "/trap" => panic!("as asked"),
            _ => {
                let (value, cas) = self.get_shared_data("count");
                let count = value.map_or(0, |bytes| bytes.first().copied().unwrap_or(0)) + 1;
                let set = self.set_shared_data("count", Some(&[count]), cas);
                log::info!("count {count} {}", set.is_ok());
                Action::Continue
            }
        }
    }
    fn on_http_request_body(&mut self, size: usize, end: bool) -> Action {
        log::info!("body {size} {end}");
        if !end {
            return Action::Pause;
        }
        if let Some(body) = self.get_http_request_body(0, size) {
            let upper = body.to_ascii_uppercase();
            self.set_http_request_body(0, size, &upper);
        }
        Action::Continue
    }
    fn on_http_response_headers(&mut self, _count: usize, _end: bool) -> Action {
        let status = self.get_http_response_header(":status");
        self.set_http_response_header("x-response-sdk", Some("rust"));
        log::info!("response {status:?} {:?}", self.get_property(vec!["request", "path"]));
        Action::Continue
    }
    fn on_log(&mut self) {
        log::info!("log");
    }
}
