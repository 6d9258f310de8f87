//! Characters that print as something else than they are.

/// Whether `c` deceives whoever reads it: it cannot be seen, or it moves or breaks the text around
/// it, so that two names look alike or one log line looks like two.
///
/// These are the characters of Unicode's property `Default_Ignorable_Code_Point` (UAX #44, Unicode
/// 16: zero-width and direction marks, fillers, variation selectors, tags), the separators of lines
/// and paragraphs, and the annotation marks U+FFF9 to U+FFFB. Control characters are not among
/// them: [`char::is_control`] knows those.
///
/// ```
/// use booking_domain::is_deceptive;
///
/// assert!(is_deceptive('\u{202e}')); // from right to left, whatever the letters say
/// assert!(is_deceptive('\u{200b}')); // a space of no width
/// assert!(!"9A é 王 نور".contains(is_deceptive));
/// ```
#[must_use]
pub fn is_deceptive(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{34f}'
            | '\u{61c}'
            | '\u{115f}'..='\u{1160}'
            | '\u{17b4}'..='\u{17b5}'
            | '\u{180b}'..='\u{180f}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2028}'..='\u{202e}'
            | '\u{2060}'..='\u{206f}'
            | '\u{3164}'
            | '\u{fe00}'..='\u{fe0f}'
            | '\u{feff}'
            | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}'
            | '\u{1bca0}'..='\u{1bca3}'
            | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}'
    )
}

#[cfg(test)]
mod tests {
    use super::is_deceptive;

    #[test]
    fn what_is_not_seen_or_moves_the_text_is_deceptive() {
        // Bidi_Control of UAX #9, then what is of no width, then fillers and tags.
        let deceptive = [
            "\u{61c}\u{200e}\u{200f}\u{202a}\u{202b}\u{202c}\u{202d}\u{202e}\u{2066}\u{2067}\u{2068}\u{2069}",
            "\u{200b}\u{200c}\u{200d}\u{2060}\u{feff}\u{ad}\u{180e}",
            "\u{2028}\u{2029}\u{115f}\u{3164}\u{ffa0}\u{fffb}\u{fe0f}\u{e0041}",
        ];
        for c in deceptive.concat().chars() {
            assert!(is_deceptive(c), "{}", c.escape_unicode());
        }
    }

    #[test]
    fn the_neighbours_of_every_range_are_not() {
        let honest = "\u{ac}\u{ae}\u{34e}\u{350}\u{61b}\u{61d}\u{115e}\u{1161}\u{17b3}\u{17b6}\
                      \u{180a}\u{1810}\u{200a}\u{2010}\u{2027}\u{202f}\u{205f}\u{2070}\u{3163}\
                      \u{3165}\u{fdff}\u{fe10}\u{fefe}\u{ff00}\u{ff9f}\u{ffa1}\u{ffef}\u{fffc}\
                      \u{1bc9f}\u{1bca4}\u{1d172}\u{1d17b}\u{dffff}\u{e1000}";
        for c in honest.chars() {
            assert!(!is_deceptive(c), "{}", c.escape_unicode());
        }
        assert!(!(' '..='~').any(is_deceptive));
    }
}
