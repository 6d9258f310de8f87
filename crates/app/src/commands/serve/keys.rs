//! Who may use the gateway that is started.

use std::sync::Arc;

use anyhow::{Context as _, bail};
use booking_gateway::{ApiKey, FileKeyRing, KeyId, KeyRecord, KeyRing, MemoryKeyRing, Scope};
use zeroize::Zeroizing;

use crate::Run;
use crate::entropy;
use crate::input::{quoted, shown};
use crate::output::note;
use crate::private_file::open_to_others;
use crate::settings::GatewaySettings;

pub(super) struct Keys {
    pub(super) ring: Arc<dyn KeyRing>,
    /// A key that was made for this run, to be shown.
    pub(super) one_off: Option<Zeroizing<String>>,
}

/// The keys of the key file. Before a sandbox on loopback there is one more, so that a newcomer
/// can look around.
///
/// # Errors
///
/// A file that cannot be used; no key at all.
pub(super) fn open(run: &Run, settings: &GatewaySettings, sandbox: bool) -> anyhow::Result<Keys> {
    let path = &settings.keys_file;
    let file = FileKeyRing::open(path, run.clock.clone())
        .with_context(|| format!("{} cannot be used", shown(path)))?;
    if let Some(mode) = open_to_others(path) {
        note(format_args!(
            "warning: {} is open to other users (mode {mode}); run `chmod 600 {}`",
            shown(path),
            quoted(path)
        ));
    }
    if settings.makes_key_before(sandbox) {
        let key = ApiKey::of_random(entropy::bytes()?, entropy::bytes()?);
        let scopes = Scope::ALL.into_iter().collect();
        let record = KeyRecord::of(&key, "this run", None, scopes, run.clock.now());
        return Ok(Keys {
            ring: Arc::new(WithOneMore {
                file,
                more: MemoryKeyRing::of([record]),
            }),
            one_off: Some(key.expose()),
        });
    }
    if file.is_empty() {
        bail!(
            "{} has no key that opens anything, and nothing is served without one; make one with `seatblock gateway-keys new --name NAME --scope read,block,operate,admin`",
            shown(path)
        );
    }
    Ok(Keys {
        ring: Arc::new(file),
        one_off: None,
    })
}

struct WithOneMore {
    file: FileKeyRing,
    more: MemoryKeyRing,
}

impl KeyRing for WithOneMore {
    fn find(&self, id: &KeyId) -> Option<Arc<KeyRecord>> {
        self.more.find(id).or_else(|| self.file.find(id))
    }
}
