//! The ledger on a server.

#[path = "../../server/mod.rs"]
mod server;

use sqlx::Connection as _;
use sqlx::postgres::PgConnection;

use server::Server;

#[tokio::test]
#[cfg_attr(no_postgres, ignore = "there is no PostgreSQL on this machine")]
async fn the_server_of_the_tests_keeps_what_it_answers() {
    let url = Server::shared().database();
    let mut connection = PgConnection::connect(&url).await.unwrap();
    for setting in ["fsync", "synchronous_commit", "full_page_writes"] {
        let value: String = sqlx::query_scalar("SELECT current_setting($1)")
            .bind(setting)
            .fetch_one(&mut connection)
            .await
            .unwrap();
        assert_eq!(value, "on", "{setting}");
    }
}
