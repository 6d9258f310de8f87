//! What `strace -f -y` wrote, call by call.

/// One system call.
#[derive(Debug)]
pub(crate) struct Call {
    pub(crate) name: String,
    /// Arguments and result, as they were written.
    pub(crate) text: String,
    /// The line on which it began.
    pub(crate) begun: usize,
    /// The line on which it ended; another thread's calls may stand between.
    pub(crate) ended: usize,
}

impl Call {
    /// Whether it wrote to a file whose name ends so.
    pub(crate) fn writes(&self, end: &str) -> bool {
        ["write", "pwrite64", "writev", "pwritev"].contains(&self.name.as_str()) && self.is_on(end)
    }

    /// Whether it made a file durable whose name ends so.
    pub(crate) fn syncs(&self, end: &str) -> bool {
        ["fsync", "fdatasync"].contains(&self.name.as_str())
            && self.is_on(end)
            && self.text.ends_with("= 0")
    }

    /// Whether it sent something that contains this.
    pub(crate) fn sends(&self, part: &str) -> bool {
        ["write", "writev", "sendto", "sendmsg"].contains(&self.name.as_str())
            && self.text.contains("<socket:")
            && self.text.contains(part)
    }

    /// Whether it wrote to stdout.
    pub(crate) fn tells(&self) -> bool {
        ["write", "writev"].contains(&self.name.as_str()) && self.text.starts_with("1<")
    }

    fn is_on(&self, end: &str) -> bool {
        let file = self.text.split_once('>').map_or("", |(file, _)| file);
        file.ends_with(end)
    }
}

/// Every call, in the order in which they began.
pub(crate) fn read(text: &str) -> Vec<Call> {
    const UNFINISHED: &str = " <unfinished ...>";
    let mut calls: Vec<Call> = Vec::new();
    let mut open: Vec<(&str, usize)> = Vec::new();
    for (line, text) in text.lines().enumerate() {
        let Some((thread, rest)) = text.split_once(' ') else {
            continue;
        };
        let rest = rest.trim_start();
        if rest.starts_with("<... ") {
            let place = open.iter().position(|(of, _)| *of == thread).unwrap();
            let (_, call) = open.swap_remove(place);
            let end = rest.split_once("resumed>").map_or("", |(_, end)| end);
            calls[call].text.push_str(end);
            calls[call].ended = line;
        } else if let Some((name, arguments)) = rest.split_once('(') {
            if arguments.ends_with(UNFINISHED) {
                open.push((thread, calls.len()));
            }
            calls.push(Call {
                name: name.to_owned(),
                text: arguments.trim_end_matches(UNFINISHED).to_owned(),
                begun: line,
                ended: line,
            });
        }
    }
    calls
}

#[test]
fn a_call_that_another_thread_interrupts_is_read_as_one() {
    let text = "7 fsync(3</l.db-wal> <unfinished ...>\n\
                8 write(1</o>, \"held\", 4) = 4\n\
                7 <... fsync resumed>) = 0\n\
                7 +++ exited with 0 +++\n";
    let calls = read(text);
    assert_eq!(calls.len(), 2, "{calls:?}");
    assert!(calls[0].syncs("-wal") && calls[1].tells(), "{calls:?}");
    assert_eq!((calls[0].begun, calls[0].ended), (0, 2), "{calls:?}");
}
