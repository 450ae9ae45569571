// The frame of a page: no script, nothing loaded from elsewhere.
import { renderFigure, type Figure } from "./chart.ts";
import { html, trusted, type Html } from "./html.ts";
import { STYLE } from "./style.ts";

/** What stands in the frame. */
export interface Page {
  readonly title: string;
  readonly heading: string;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly durationSeconds: number;
  /** Where it was measured, in a few words. */
  readonly where: string;
  /** Null for a whole run. */
  readonly endedEarly: string | null;
  readonly main: Html;
  readonly notes: readonly string[];
  /** Environment and method. */
  readonly facts: readonly (readonly [name: string, value: string])[];
  readonly tool: { readonly name: string; readonly version: string };
}

/** Renders a page; ends with a line end. */
export function renderPage(page: Page): string {
  const { title, heading, startedAt, durationSeconds, where, endedEarly, notes, tool } = page;
  const rendered = html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta
          http-equiv="content-security-policy"
          content="default-src 'none'; style-src 'unsafe-inline'; img-src data:"
        />
        <link rel="icon" href="data:," />
        <title>${title}</title>
        <style>
          ${trusted(STYLE)}
        </style>
      </head>
      <body>
        <header>
          <h1>${heading}</h1>
          <p class="lead">
            <time datetime="${startedAt}">${startedAt.slice(0, 16).replace("T", " ")} UTC</time>,
            ${Math.round(durationSeconds)} s, ${where}
          </p>
          ${endedEarly !== null && html`<p class="early"><b>Ended early:</b> ${endedEarly}. The page shows what came before that.</p>`}
        </header>
        <main>
          ${page.main}
          ${
            notes.length > 0 &&
            html`<h2>Notes</h2>
              <ul>
                ${notes.map((note) => html`<li>${note}</li>`)}
              </ul>`
          }
          <h2>Environment and method</h2>
          <dl>
            ${page.facts.map(
              ([name, value]) =>
                html`<dt>${name}</dt>
                  <dd>${value}</dd>`,
            )}
          </dl>
        </main>
        <footer>
          Measured by ${tool.name} ${tool.version}. Times belong to the machine that they were
          measured on; ratios and counts travel.
        </footer>
      </body>
    </html>`;
  return `${rendered.text}\n`;
}

/** A heading with figures below it; nothing without figures. */
export function section(title: string, figures: readonly Figure[]): Html {
  if (figures.length === 0) return html``;
  return html`<h2>${title}</h2>
    <div class="figures">${figures.map(renderFigure)}</div>`;
}
