//! Where a ledger's database is, and how it is reached.

use std::net::IpAddr;
use std::str::FromStr as _;

use sqlx::postgres::{PgConnectOptions, PgSslMode};

use crate::error::OpenError;
use crate::key::LedgerKey;

/// What may stand after the `?`. Anything else is more likely a mistake than meant, a misspelt
/// `password` for example, which must not get into a log.
const PARAMETERS: [&str; 11] = [
    "application_name",
    "dbname",
    "host",
    "hostaddr",
    "password",
    "port",
    "sslcert",
    "sslkey",
    "sslmode",
    "sslrootcert",
    "user",
];

/// Settings of each session, so that no mistake elsewhere can keep a caller waiting, and a machine
/// that has vanished is noticed.
const SESSION: [(&str, &str); 8] = [
    ("default_transaction_isolation", "read committed"),
    ("statement_timeout", "10s"),
    ("lock_timeout", "5s"),
    ("idle_in_transaction_session_timeout", "10s"),
    ("tcp_keepalives_idle", "10"),
    ("tcp_keepalives_interval", "5"),
    ("tcp_keepalives_count", "3"),
    ("client_min_messages", "warning"),
];

/// Where a ledger's database is, and by which key the ledger seals.
///
/// ```
/// use booking_ledger::PostgresOptions;
///
/// let options = PostgresOptions::from_url("postgres://shop:secret@db.example/holds").unwrap();
/// assert_eq!(options.place(), "postgres://db.example:5432/holds");
/// assert!(!format!("{options:?}").contains("secret"));
/// ```
#[derive(Clone)]
pub struct PostgresOptions {
    connect: Box<PgConnectOptions>,
    place: String,
    tells_password: bool,
    key: Option<LedgerKey>,
}

impl PostgresOptions {
    /// The database of a `postgres:` URL, as `libpq` understands it: host or socket, database, user
    /// and TLS. Where no password is in it, `PGPASSWORD`, `PGPASSFILE` and `~/.pgpass` are looked at.
    ///
    /// A host other than this one is reached by TLS only, and has to prove its name; an authority
    /// of your own is named by `sslrootcert=FILE`.
    ///
    /// # Errors
    ///
    /// [`OpenError::Url`], which shows no more of the URL than its scheme.
    ///
    /// ```
    /// # use booking_ledger::PostgresOptions;
    /// assert!(PostgresOptions::from_url("postgres:///holds?host=/run/postgresql").is_ok());
    /// let weak = PostgresOptions::from_url("postgres://db.example/holds?sslmode=require");
    /// assert!(weak.unwrap_err().to_string().contains("sslmode=verify-full"));
    /// ```
    pub fn from_url(url: &str) -> Result<Self, OpenError> {
        let wrong = |problem| OpenError::Url {
            // A password may stand in the rest.
            url: "postgres:…".to_owned(),
            problem,
        };
        if !is_postgres(url) {
            return Err(wrong(
                "it is no URL of PostgreSQL; write postgres://USER@HOST/DATABASE",
            ));
        }
        let parameters = url.split_once('?').map_or("", |(_, rest)| rest);
        let parameters = parameters.split('#').next().unwrap_or_default();
        let authority = url.split_once("//").map_or("", |(_, rest)| rest);
        let authority = authority.split(['/', '?', '#']).next().unwrap_or_default();
        let user = authority.rsplit_once('@').map_or("", |(user, _)| user);
        let names = parameters.split('&').filter(|part| !part.is_empty());
        let mut names = names.map(|part| part.split('=').next().unwrap_or_default());
        if !names.clone().all(|name| PARAMETERS.contains(&name)) {
            return Err(wrong(
                "it has a parameter that is not known; those of libpq for host, port, dbname, \
                 user, password, application_name and sslmode, sslrootcert, sslcert, sslkey are",
            ));
        }
        let tells_password = user.contains(':') || names.clone().any(|name| name == "password");
        let states_mode = names.any(|name| name == "sslmode");
        // Its error may show a part of the URL.
        let connect = PgConnectOptions::from_str(url).map_err(|_| {
            wrong("it cannot be read; write postgres://USER@HOST/DATABASE, and %-encode a password")
        })?;
        let connect = match (is_here(&connect), states_mode) {
            (true, true) => connect,
            // The environment has no say in it.
            (true, false) => connect.ssl_mode(PgSslMode::Prefer),
            (false, false) => connect.ssl_mode(PgSslMode::VerifyFull),
            (false, true) if matches!(connect.get_ssl_mode(), PgSslMode::VerifyFull) => connect,
            (false, true) => {
                return Err(wrong(
                    "the server is on another host and would not have to prove that it is the \
                     right one; leave sslmode out or write sslmode=verify-full, with \
                     sslrootcert=FILE for an authority of your own",
                ));
            }
        };
        let place = place(&connect);
        let connect = connect.options(SESSION);
        let connect = match connect.get_application_name() {
            Some(_) => connect,
            None => connect.application_name("seatblock"),
        };
        Ok(Self {
            connect: Box::new(connect),
            place,
            tells_password,
            key: None,
        })
    }

    /// Seals orders by `key`. Without a key no order is kept, and what is unknown cannot be
    /// settled by repeating it after a restart.
    ///
    /// ```
    /// # use booking_ledger::{LedgerKey, PostgresOptions};
    /// let options = PostgresOptions::from_url("postgres:///holds").unwrap();
    /// let options = options.sealed_by(LedgerKey::new([7; 32]));
    /// ```
    #[must_use]
    pub fn sealed_by(mut self, key: LedgerKey) -> Self {
        self.key = Some(key);
        self
    }

    /// The password, in place of the one in the URL.
    ///
    /// ```
    /// # use booking_ledger::PostgresOptions;
    /// # let from_a_file = "secret";
    /// let options = PostgresOptions::from_url("postgres://shop@db.example/holds").unwrap();
    /// let options = options.with_password(from_a_file);
    /// ```
    #[must_use]
    pub fn with_password(mut self, password: &str) -> Self {
        self.connect = Box::new(self.connect.password(password));
        self
    }

    /// Whether a password stood in the URL, so that whoever reads the one has the other.
    ///
    /// ```
    /// # use booking_ledger::PostgresOptions;
    /// let options = PostgresOptions::from_url("postgres://shop@db.example/holds").unwrap();
    /// assert!(!options.tells_password());
    /// ```
    #[must_use]
    pub fn tells_password(&self) -> bool {
        self.tells_password
    }

    /// Server and database, without user and password: for people.
    ///
    /// ```
    /// # use booking_ledger::PostgresOptions;
    /// let options = PostgresOptions::from_url("postgres://127.0.0.1/holds").unwrap();
    /// assert_eq!(options.place(), "postgres://127.0.0.1:5432/holds");
    /// ```
    #[must_use]
    pub fn place(&self) -> &str {
        &self.place
    }

    pub(super) fn key(&self) -> Option<&LedgerKey> {
        self.key.as_ref()
    }

    pub(super) fn connect(&self) -> PgConnectOptions {
        use sqlx::ConnectOptions as _;

        (*self.connect).clone().disable_statement_logging()
    }
}

impl std::fmt::Debug for PostgresOptions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("PostgresOptions")
            .field("place", &self.place)
            .field("key", &self.key)
            .finish_non_exhaustive()
    }
}

/// Whether a text is a URL of PostgreSQL, right or wrong.
pub(crate) fn is_postgres(url: &str) -> bool {
    url.starts_with("postgres:") || url.starts_with("postgresql:")
}

/// Whether it is reached without a network: by a socket or over loopback.
fn is_here(connect: &PgConnectOptions) -> bool {
    let host = connect.get_host();
    let address = host.trim_matches(['[', ']']).parse::<IpAddr>();
    connect.get_socket().is_some()
        || host.starts_with('/')
        || host == "localhost"
        || address.is_ok_and(|address| address.is_loopback())
}

fn place(connect: &PgConnectOptions) -> String {
    let database = connect.get_database().unwrap_or(connect.get_username());
    if let Some(socket) = connect.get_socket() {
        return format!("postgres:{}/{database}", socket.display());
    }
    let (host, port) = (connect.get_host(), connect.get_port());
    format!("postgres://{host}:{port}/{database}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn another_host_has_to_prove_its_name() {
        let mode = |url: &str| {
            PostgresOptions::from_url(url).map(|options| options.connect.get_ssl_mode())
        };
        for strong in [
            "postgres://db.example/holds",
            "postgres://db.example/holds?sslmode=verify-full",
            "postgresql://10.0.0.7/holds?sslrootcert=ca.pem",
            "postgres:///holds?host=db.example",
            "postgres://localhost.example/holds",
        ] {
            let mode = mode(strong);
            assert!(
                matches!(mode, Ok(PgSslMode::VerifyFull)),
                "{strong}: {mode:?}"
            );
        }
        for weak in ["disable", "allow", "prefer", "require", "verify-ca"] {
            let url = format!("postgres://db.example/holds?sslmode={weak}");
            let error = mode(&url).unwrap_err().to_string();
            assert!(error.contains("sslmode=verify-full"), "{weak}: {error}");
        }
        for here in [
            "postgres://localhost/holds?sslmode=disable",
            "postgres://127.0.0.9/holds?sslmode=disable",
            "postgres://[::1]/holds?sslmode=disable",
            "postgres:///holds?host=/run/postgresql&sslmode=disable",
        ] {
            let mode = mode(here);
            assert!(matches!(mode, Ok(PgSslMode::Disable)), "{here}: {mode:?}");
        }
    }

    #[test]
    fn a_password_in_a_url_is_known_to_be_there() {
        for (url, tells) in [
            ("postgres://shop:hunter2@db.example/holds", true),
            ("postgres://shop@db.example/holds?password=hunter2", true),
            ("postgres://shop@db.example:5432/holds", false),
            ("postgres:///holds?host=/run/postgresql&user=shop", false),
        ] {
            let options = PostgresOptions::from_url(url).unwrap();
            assert_eq!(options.tells_password(), tells, "{url}");
            assert!(!format!("{options:?}").contains("hunter2"), "{url}");
        }
    }

    #[test]
    fn a_wrong_url_is_refused_and_its_password_never_shown() {
        for url in [
            "postgres://shop:hunter2@db.example:port/holds",
            "postgres://shop:hunter2@db.example/holds?sslmode=none",
            "postgres://shop@db.example/holds?passwort=hunter2",
            "postgres://shop:hunter2@db.example/holds?sslmode=prefer",
            "postgres://shop:hunter2@[db/holds",
            "postgres://shop:hunter2@db.example/holds?options=-c%20synchronous_commit%3Doff",
            "mysql://shop:hunter2@db.example/holds",
        ] {
            let error = PostgresOptions::from_url(url).unwrap_err();
            assert!(matches!(error, OpenError::Url { .. }), "{url}");
            let shown = format!("{error} {error:?}");
            assert!(!shown.contains("hunter2"), "{shown}");
        }
    }
}
