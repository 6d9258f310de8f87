// Runs before the first paint, so that a dark room is not lit by a white page. The rest of the
// theme and of the language is in theme.js and i18n.js.
(() => {
    try {
        const theme = localStorage.getItem('theme');
        if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
        const lang = localStorage.getItem('lang');
        if (lang === 'id' || lang === 'en') document.documentElement.lang = lang;
    } catch {
        // A browser that keeps nothing shows the system's theme.
    }
})();
