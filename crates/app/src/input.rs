//! Files that a person names on the command line.

use std::fs::File;
use std::io::{self, Read};
use std::path::Path;

use anyhow::Context as _;

/// The beginning of a file, or of stdin for `-`: at most `longest + 1` bytes, so that whoever
/// reads the content sees that there is too much of it, and a huge file costs no memory.
///
/// # Errors
///
/// The file cannot be opened or read.
pub(crate) fn read_capped(path: &Path, longest: usize) -> anyhow::Result<Vec<u8>> {
    let cap = u64::try_from(longest).unwrap_or(u64::MAX).saturating_add(1);
    let mut content = Vec::new();
    let read = if path == Path::new("-") {
        io::stdin().lock().take(cap).read_to_end(&mut content)
    } else {
        File::open(path).and_then(|file| file.take(cap).read_to_end(&mut content))
    };
    read.with_context(|| format!("{} cannot be read", shown(path)))?;
    Ok(content)
}

/// A path for a person.
pub(crate) fn shown(path: &Path) -> String {
    if path == Path::new("-") {
        "stdin".to_owned()
    } else {
        path.display().to_string().escape_debug().to_string()
    }
}

/// A path as a word of a shell command, for a line that a person copies.
pub(crate) fn quoted(path: &Path) -> String {
    let text = shown(path);
    let plain = |c: char| c.is_alphanumeric() || "/._-+,:@%=".contains(c);
    if !text.is_empty() && text.chars().all(plain) {
        return text;
    }
    format!("'{}'", text.replace('\'', "'\\''"))
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::quoted;

    #[test]
    fn a_path_is_one_word_of_a_shell() {
        for (path, word) in [
            ("a/b-c_1.toml", "a/b-c_1.toml"),
            ("my settings.toml", "'my settings.toml'"),
            ("$HOME;x", "'$HOME;x'"),
            ("", "''"),
        ] {
            assert_eq!(quoted(Path::new(path)), word);
        }
    }
}
