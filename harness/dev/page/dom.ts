// Elements in few words. Text is always text: nothing that passes the filter becomes markup.

/** The element of the page with this id. */
export function byId<E extends HTMLElement>(id: string, kind: new () => E): E {
  const found = document.getElementById(id);
  if (!(found instanceof kind)) throw new Error(`the page has no ${id}`);
  return found;
}

/** Makes an element; `name.class` gives it classes. */
export function make(
  name: string,
  content: string | readonly (Node | string)[] = [],
  attributes: Readonly<Record<string, string>> = {},
): HTMLElement {
  const [tag = "", ...classes] = name.split(".");
  const element = document.createElement(tag);
  element.classList.add(...classes);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  element.append(...(typeof content === "string" ? [content] : content));
  return element;
}

/** Text for those who do not see the page. */
export function spoken(text: string): HTMLElement {
  return make("span.spoken", text);
}

/** Runs `draw` once before the next frame, however often it is asked for until then. */
export function drawer(draw: () => void): () => void {
  let asked = false;
  return () => {
    if (asked) return;
    asked = true;
    // Not a frame's callback: hidden tabs have no frames, and must not fall behind without end.
    setTimeout(() => {
      asked = false;
      draw();
    }, 16);
  };
}
