//! README.md: its code is that of files which are compiled, its tables are those of the program.

use crate::harness::{Place, root};
use crate::page::blocks;

fn file(path: &str) -> String {
    std::fs::read_to_string(root().join(path)).unwrap()
}

/// The first cells of a table's rows that begin with this.
fn cells(text: &str, beginning: &str) -> Vec<String> {
    let rows = text
        .lines()
        .filter_map(|line| line.strip_prefix("| `"))
        .filter(|row| row.starts_with(beginning));
    rows.filter_map(|row| Some(row.split_once(" |")?.0.replace('`', "")))
        .collect()
}

#[test]
fn its_code_is_compiled_and_run_elsewhere() {
    let elsewhere = [
        "crates/app/examples/link.rs",
        "crates/booking-ports/README.md",
        "crates/klikoo-sandbox/README.md",
    ]
    .map(file);
    let code = blocks(&file("README.md"), "```rust");
    assert_eq!(code.len(), 4);
    // The fourth is an outline with gaps, and names the files that fill them.
    for block in &code[..3] {
        let found = elsewhere.iter().any(|text| text.contains(block.as_str()));
        assert!(found, "in no file that is compiled:\n{block}");
    }
}

#[test]
fn its_tables_name_every_command_and_setting() {
    let readme = file("README.md");
    let help = Place::new().run(["--help"]).stdout;
    let commands: Vec<&str> = help
        .lines()
        .skip_while(|line| *line != "Commands:")
        .skip(1)
        .take_while(|line| !line.is_empty())
        .filter_map(|line| line.split_whitespace().next())
        .filter(|command| *command != "help")
        .collect();
    let told = cells(&readme, "seatblock ");
    let told: Vec<&str> = told
        .iter()
        .filter_map(|cell| cell.split_whitespace().nth(1))
        .collect();
    assert_eq!(told, commands);

    let tables = ["klikoo.", "ledger.", "gateway.", "telemetry."];
    let mut settings: Vec<&str> = help
        .lines()
        .filter_map(|line| Some(line.strip_prefix("  ")?.split_once(": ")?.0))
        .filter(|name| tables.iter().any(|table| name.starts_with(table)))
        .collect();
    let told = tables.map(|table| cells(&readme, table)).concat();
    let told = told.join(", ");
    let mut told: Vec<&str> = told.split(", ").collect();
    settings.sort_unstable();
    told.sort_unstable();
    assert_eq!(told, settings);
}

/// A row that stands alone is no table: it is shown as it was written.
#[test]
fn no_row_of_a_table_is_cut_off_from_its_head() {
    let docs = std::fs::read_dir(root().join("docs")).unwrap();
    let mut pages: Vec<_> = docs.map(|entry| entry.unwrap().path()).collect();
    pages.retain(|path| path.extension().is_some_and(|it| it == "md"));
    pages.push(root().join("README.md"));
    for page in pages {
        let text = std::fs::read_to_string(&page).unwrap();
        let lines: Vec<&str> = text.lines().collect();
        for (index, pair) in lines.windows(2).enumerate() {
            let begins = pair[1].starts_with('|') && !pair[0].starts_with('|');
            let ruled = lines
                .get(index + 2)
                .is_some_and(|it| it.starts_with("| ---"));
            assert!(!begins || ruled, "{}: {}", page.display(), pair[1]);
        }
    }
}
