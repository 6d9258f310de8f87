//! A ledger as an earlier release left it.

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, Row as _};
use tokio::runtime::Runtime;

use crate::harness::Rig;

/// The schema of the first release.
const FIRST: &str = include_str!("../../../booking-ledger/migrations/sqlite/1.sql");

/// The schema of this one: so many migrations there are.
pub(crate) fn newest() -> i64 {
    let folder = concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/../booking-ledger/migrations/sqlite"
    );
    i64::try_from(std::fs::read_dir(folder).unwrap().count()).unwrap()
}

pub(crate) fn version(rig: &Rig) -> i64 {
    Runtime::new().unwrap().block_on(async {
        let mut connection = connect(rig, "l.db").await;
        let version = sqlx::query_scalar("PRAGMA user_version");
        version.fetch_one(&mut connection).await.unwrap()
    })
}

/// Puts every row into a ledger of the first schema, in the place of the one that is there.
pub(crate) fn make_first_version(rig: &Rig) {
    Runtime::new().unwrap().block_on(async {
        let mut old = connect(rig, "old.db").await;
        sqlx::raw_sql(FIRST).execute(&mut old).await.unwrap();
        run(
            &mut old,
            "ATTACH 'NEW' AS new".replace("NEW", rig.place.path("l.db").to_str().unwrap()),
        )
        .await;
        for table in ["keys", "holds", "entries", "sealed_orders"] {
            let columns: Vec<String> = sqlx::query("SELECT name FROM pragma_table_info(?)")
                .bind(table)
                .fetch_all(&mut old)
                .await
                .unwrap()
                .iter()
                .map(|row| row.get::<String, _>("name"))
                // The first schema numbered entries as they came.
                .filter(|name| (table, name.as_str()) != ("entries", "id"))
                .collect();
            let columns = columns.join(", ");
            let order = if table == "entries" {
                "hold, place"
            } else {
                "1"
            };
            run(
                &mut old,
                format!(
                    "INSERT INTO main.{table} ({columns}) SELECT {columns} FROM new.{table} \
                     ORDER BY {order}"
                ),
            )
            .await;
        }
        run(&mut old, "DETACH new".to_owned()).await;
        old.close().await.unwrap();
    });
    for suffix in ["-wal", "-shm"] {
        let _ = std::fs::remove_file(rig.place.path(&format!("l.db{suffix}")));
    }
    std::fs::rename(rig.place.path("old.db"), rig.place.path("l.db")).unwrap();
}

async fn run(connection: &mut SqliteConnection, sql: String) {
    sqlx::raw_sql(AssertSqlSafe(sql))
        .execute(connection)
        .await
        .unwrap();
}

async fn connect(rig: &Rig, name: &str) -> SqliteConnection {
    let options = SqliteConnectOptions::new().filename(rig.place.path(name));
    options.create_if_missing(true).connect().await.unwrap()
}
