// The form that sends a request through the filter.
import { byId } from "./dom.ts";

/** Makes the form work. */
export function setUpSendForm(): void {
  const form = byId("send", HTMLFormElement);
  const note = byId("send-note", HTMLParagraphElement);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    const fields = Object.fromEntries(new FormData(form));
    note.textContent = "";
    send(JSON.stringify(fields)).then(
      (answer) => {
        note.textContent = answer;
      },
      () => {
        note.textContent = "dev does not answer: has it ended?";
      },
    );
  });
}

async function send(body: string): Promise<string> {
  const answer = await fetch("/send", { method: "POST", body });
  const text = (await answer.text()).trim();
  return answer.ok ? `Answered ${text}.` : `Not sent: ${text}.`;
}
