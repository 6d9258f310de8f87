// Light, dark, or as the system has it.

const THEMES = ['system', 'light', 'dark'];

/** The theme that was chosen: `system`, `light` or `dark`. */
export function theme() {
    const now = document.documentElement.dataset.theme;
    return THEMES.includes(now) ? now : 'system';
}

/** Sets it, and keeps it for the next visit. `system` follows the system. */
export function setTheme(next) {
    if (next === 'light' || next === 'dark') document.documentElement.dataset.theme = next;
    else delete document.documentElement.dataset.theme;
    try {
        localStorage.setItem('theme', next);
    } catch {
        // It then lasts as long as the page.
    }
}

export const themes = THEMES;
