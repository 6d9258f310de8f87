//! Who can read the file, and what is taken for one.

use std::fs;
use std::os::unix::fs::PermissionsExt as _;
use std::path::Path;

use booking_ledger::{OpenError, SqliteOptions};

use crate::harness::{Place, send};

fn mode(path: &Path) -> u32 {
    fs::metadata(path).unwrap().permissions().mode() & 0o777
}

#[tokio::test]
async fn only_this_user_can_read_what_is_made() {
    let place = Place::new();
    let path = place.folder.path().join("a/b/holds.db");
    let ledger = place.try_open(&SqliteOptions::at(&path)).await.unwrap();
    send(&ledger, "1").await;
    assert_eq!(mode(&place.folder.path().join("a")), 0o700);
    assert_eq!(mode(path.parent().unwrap()), 0o700);
    for file in fs::read_dir(path.parent().unwrap()).unwrap() {
        let file = file.unwrap().path();
        assert_eq!(mode(&file), 0o600, "{}", file.display());
    }
}

#[tokio::test]
async fn a_file_that_others_can_read_is_closed_to_them() {
    let place = Place::new();
    place.open().await.close().await;
    fs::set_permissions(place.path(), fs::Permissions::from_mode(0o644)).unwrap();
    place.open().await.close().await;
    assert_eq!(mode(&place.path()), 0o600);
}

#[tokio::test]
async fn a_file_of_something_else_is_left_as_it_is() {
    let place = Place::new();
    fs::write(
        place.path(),
        "Dear diary, today no database was harmed. ".repeat(40),
    )
    .unwrap();
    let before = fs::read(place.path()).unwrap();
    let error = place.try_open(&place.options()).await.err().unwrap();
    assert!(matches!(error, OpenError::NotALedger { .. }), "{error:?}");
    assert!(fs::read(place.path()).unwrap() == before);
    fs::remove_file(place.path()).unwrap();

    fs::write(place.path(), "").unwrap();
    place
        .execute("CREATE TABLE recipes (name TEXT)")
        .await
        .unwrap();
    let before = fs::read(place.path()).unwrap();
    let error = place.try_open(&place.options()).await.err().unwrap();
    assert!(matches!(error, OpenError::NotALedger { .. }), "{error:?}");
    assert!(fs::read(place.path()).unwrap() == before);
}

#[test]
fn a_url_says_where_and_a_wrong_one_says_why() {
    for (url, path) in [
        ("holds.db", "holds.db"),
        ("/a/holds.db", "/a/holds.db"),
        ("sqlite:holds.db", "holds.db"),
        ("sqlite:/a/holds.db", "/a/holds.db"),
        ("sqlite:///a/holds.db", "/a/holds.db"),
    ] {
        assert_eq!(
            SqliteOptions::from_url(url).unwrap().path(),
            Path::new(path)
        );
    }
    for (url, problem) in [
        ("", "names no file"),
        ("sqlite:", "names no file"),
        ("sqlite::memory:", "would not outlive"),
        ("sqlite:holds.db?mode=ro", "takes no options"),
        ("postgres://shop:s3cret@db/holds", "not at such an address"),
    ] {
        let error = SqliteOptions::from_url(url).unwrap_err().to_string();
        assert!(error.contains(problem), "{error}");
        assert!(!error.contains("s3cret"), "{error}");
    }
}
