//! Whether a server keeps what it answers.

use sqlx::postgres::PgConnection;

use crate::error::OpenError;

/// The oldest version that is known to do all that is asked here.
const OLDEST: i64 = 130_000;

/// What a server has to be like, and what to do where it is not.
struct Rule {
    setting: &'static str,
    keeps: fn(&str) -> bool,
    needed: &'static str,
    advice: &'static str,
}

const RULES: [Rule; 6] = [
    Rule {
        setting: "server_version_num",
        keeps: |found| found.parse().is_ok_and(|version: i64| version >= OLDEST),
        needed: "130000 or later",
        advice: "use PostgreSQL 13 or later",
    },
    Rule {
        setting: "synchronous_commit",
        keeps: |found| found != "off",
        needed: "on",
        advice: "set it on, for this database and user too",
    },
    Rule {
        setting: "fsync",
        keeps: is_on,
        needed: "on",
        advice: "set it on in the server's configuration",
    },
    Rule {
        setting: "full_page_writes",
        keeps: is_on,
        needed: "on",
        advice: "set it on in the server's configuration",
    },
    Rule {
        setting: "in_hot_standby",
        keeps: |found| found == "off",
        needed: "off",
        advice: "name the primary server, not a standby",
    },
    Rule {
        setting: "default_transaction_read_only",
        keeps: |found| found == "off",
        needed: "off",
        advice: "set it off, for this database and user too",
    },
];

fn is_on(found: &str) -> bool {
    found == "on"
}

/// A rule that is broken.
#[derive(Debug, thiserror::Error)]
#[error("it would not keep what is written: {setting} is {found} instead of {needed}; {advice}")]
pub(super) struct Unfit {
    setting: &'static str,
    found: String,
    needed: &'static str,
    advice: &'static str,
}

impl Unfit {
    pub(super) fn at(self, place: &str) -> OpenError {
        OpenError::NotDurable {
            place: place.to_owned(),
            setting: self.setting,
            found: self.found,
            needed: self.needed,
            advice: self.advice,
        }
    }
}

/// The first rule that the server at the other end breaks.
pub(super) async fn unfit(connection: &mut PgConnection) -> Result<Option<Unfit>, sqlx::Error> {
    // `in_hot_standby` is a setting since version 14 only.
    let sql = "SELECT CASE setting WHEN 'in_hot_standby' \
         THEN CASE WHEN pg_is_in_recovery() THEN 'on' ELSE 'off' END \
         ELSE current_setting(setting) END \
         FROM unnest($1::text[]) WITH ORDINALITY AS asked (setting, place) ORDER BY place";
    let settings: Vec<&str> = RULES.iter().map(|rule| rule.setting).collect();
    let found: Vec<String> = sqlx::query_scalar(sql)
        .bind(settings)
        .fetch_all(connection)
        .await?;
    let broken = RULES.iter().zip(found);
    let mut broken = broken.filter(|(rule, found)| !(rule.keeps)(found));
    Ok(broken.next().map(|(rule, found)| Unfit {
        setting: rule.setting,
        found,
        needed: rule.needed,
        advice: rule.advice,
    }))
}

/// The same, of a connection that is made later: settings change, and so does what is behind an
/// address.
pub(super) async fn check(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    match unfit(connection).await? {
        None => Ok(()),
        Some(unfit) => Err(sqlx::Error::Configuration(Box::new(unfit))),
    }
}
