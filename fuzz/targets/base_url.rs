//! Where Klikoo is, as a settings file may say it.

#![no_main]

use klikoo_adapter::BaseUrl;
use libfuzzer_sys::fuzz_target;

const HERE: [&str; 3] = ["http://127.", "http://[::1]", "http://localhost"];

fuzz_target!(|text: &str| {
    if let Ok(url) = BaseUrl::parse(text) {
        let shown = url.to_string();
        let is_here = HERE.iter().any(|here| shown.starts_with(here));
        assert!(shown.starts_with("https://") || is_here, "{shown}");
        assert!(!shown.contains(['?', '#']), "{shown}");
        let host = shown.split('/').nth(2).unwrap_or_default();
        assert!(!host.contains('@') && !host.is_empty(), "{shown}");
        // What was accepted is accepted again, and shown the same.
        assert_eq!(BaseUrl::parse(&shown).map(|it| it.to_string()), Ok(shown));
        assert!(!url.path_prefix().ends_with('/'));
    }
});
