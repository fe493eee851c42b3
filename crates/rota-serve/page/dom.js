/** Small helpers for the document. Texts are put in as texts, never as markup. */

/**
 * Makes an element.
 * @param {string} name of the element: "p"
 * @param {Record<string, any>} [attributes] attributes; `class`, `text`, and functions as `onclick`
 * @param {...(Node|string|null|undefined)} children what stands in it
 * @returns {HTMLElement}
 */
export function make(name, attributes = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(attributes)) {
    if (value === undefined || value === null || value === false) continue;
    if (key === "text") element.textContent = value;
    else if (key.startsWith("on")) element.addEventListener(key.slice(2), value);
    else if (key === "value") element.value = value;
    else element.setAttribute(key, value === true ? "" : String(value));
  }
  element.append(...children.filter((child) => child !== null && child !== undefined));
  return element;
}

/**
 * Finds an element that stands in the page from the start.
 * @param {string} id
 * @returns {HTMLElement}
 */
export function find(id) {
  const element = document.getElementById(id);
  if (!element) throw new Error(`the page has no element ${id}`);
  return element;
}

/** Replaces what stands in an element. @param {HTMLElement} element @param {...(Node|string|null)} children */
export function fill(element, ...children) {
  element.replaceChildren(...children.filter((child) => child !== null && child !== undefined));
}

/** A button. @param {string} text @param {() => void} press @param {Record<string, any>} [attributes] */
export function button(text, press, attributes = {}) {
  return make("button", { type: "button", ...attributes, onclick: press }, text);
}

/**
 * A choice of one with its label.
 * @param {string} label
 * @param {Array<[string, string]>} options value and text
 * @param {string} [chosen]
 * @returns {[HTMLElement, HTMLSelectElement]} the label, and the choice in it
 */
export function choice(label, options, chosen) {
  const select = /** @type {HTMLSelectElement} */ (
    make("select", {}, ...options.map(([value, text]) => make("option", { value, text })))
  );
  if (chosen !== undefined) select.value = chosen;
  return [make("label", { class: "field" }, make("span", { text: label }), select), select];
}

/** A list. @param {Array<Node|string>} items @param {string} [name] */
export function list(items, name = "ul") {
  return make(name, {}, ...items.map((item) => make("li", {}, item)));
}

let spoken = 0;

/** Tells readers of speech what has happened. @param {string} text */
export function announce(text) {
  const region = find("announcer");
  spoken += 1;
  // The same words twice are told twice.
  region.textContent = spoken % 2 ? text : `${text}\u00a0`;
}

/** Offers bytes as a file to be saved. @param {Blob} blob @param {string} name */
export function save(blob, name) {
  const address = URL.createObjectURL(blob);
  const link = make("a", { href: address, download: name });
  document.body.append(link);
  link.click();
  link.remove();
  setTimeout(() => URL.revokeObjectURL(address), 10_000);
}
