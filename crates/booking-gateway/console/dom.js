// Builds elements. Text becomes text nodes and nothing else: whatever the API sends is shown, never
// read as markup.

const SVG = 'http://www.w3.org/2000/svg';

// Signs that turn the direction of writing: with them a text shows as another than it is.
const TURNS = /[\u202A-\u202E\u2066-\u2069]/g;

// Set as properties, since the attribute is only the value to begin with.
const PROPERTIES = new Set(['value', 'checked', 'disabled', 'hidden', 'indeterminate', 'selected', 'open']);

/**
 * An element: `el('button', { type: 'button', onclick: press }, 'Ask again')`.
 * Absent (`null`, `undefined`, `false`) attributes and children are left out.
 */
export function el(tag, attributes = {}, ...children) {
    return fill(document.createElement(tag), attributes, children);
}

/** The same for drawings. */
export function svg(tag, attributes = {}, ...children) {
    return fill(document.createElementNS(SVG, tag), attributes, children);
}

function fill(node, attributes, children) {
    for (const [name, value] of Object.entries(attributes)) {
        if (value === null || value === undefined || value === false) continue;
        if (name.startsWith('on')) node.addEventListener(name.slice(2), value);
        else if (name === 'data') Object.assign(node.dataset, value);
        else if (PROPERTIES.has(name)) node[name] = value;
        else node.setAttribute(name, value === true ? '' : String(value));
    }
    add(node, children);
    return node;
}

function add(node, children) {
    for (const child of children) {
        if (child === null || child === undefined || child === false) continue;
        if (Array.isArray(child)) add(node, child);
        else node.append(child instanceof Node ? child : String(child).replace(TURNS, '\uFFFD'));
    }
}

/** Puts `children` in the place of what `node` holds. */
export function refill(node, ...children) {
    node.replaceChildren();
    add(node, children);
    return node;
}

/** Moves the focus to something that cannot be reached by Tab, such as a heading. */
export function focusOn(node) {
    if (!node) return;
    if (!node.matches('a[href], button, input, select, textarea, [tabindex]')) node.tabIndex = -1;
    node.focus();
}

/** Which of the links and buttons of `node` has the focus, to find its successor; -1 for none. */
export const focusPlace = (node) => [...node.querySelectorAll('a, button')].indexOf(document.activeElement);

/** Says `text` to a screen reader, once. */
export function announce(text) {
    const region = document.getElementById('polite');
    if (!region) return;
    region.textContent = '';
    // A region that is filled in the same moment is taken for unchanged.
    setTimeout(() => {
        region.textContent = text;
    }, 60);
}

let last = 0;

/** An id that no other element of the page has. */
export const freshId = (stem) => `${stem}-${++last}`;
