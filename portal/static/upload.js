// Sends files in pieces that survive a broken line (tus 1.0), and puts pictures in order first.
// A comfort only: the plain form does the same work without this file.
//
// Our own, and not tus-js-client: that is 87 kB, and remembers files in the browser's storage, which stays
// behind on a shared computer. Here the server remembers what broke off.
"use strict";

(() => {
  const words = JSON.parse(document.getElementById("upload-words").textContent);
  const SMALLEST = 64 * 1024, LARGEST = 4 * 1024 * 1024, LONGEST_WAIT = 30000;
  const tell = (text, values) => text.replace(/\{(\w+)\}/g, (whole, name) => values[name] ?? whole);

  class Refused extends Error {}

  const make = (tag, properties = {}, ...inside) => {
    const made = Object.assign(document.createElement(tag), properties);
    made.append(...inside);
    return made;
  };

  document.addEventListener("change", (event) => {
    const form = event.target.closest("form.picker");
    if (!form || event.target.type !== "file") return;
    const files = [...event.target.files];
    const together = files.length > 1 && form.dataset.together;
    const wrong = files.some((file) => file.size > words.most) ? words.tooLarge
      : together && files.length > words.mostPictures ? words.tooMany : "";
    event.target.setCustomValidity(wrong);
    if (!event.target.reportValidity() || !files.length) return;
    if (together) arrange(form, files);
    else run(form, (panel) => sendEach(form, files, panel));
  });

  // Pictures in a list, each to move or to leave out, before they go.
  function arrange(form, files, focus) {
    const list = make("ol", { className: "order" });
    const again = (next, at) => arrange(form, next, at);
    files.forEach((file, n) => {
      const swap = (to) => {
        const next = [...files];
        [next[n], next[to]] = [files[to], file];
        again(next, to);
      };
      const button = (sign, text, act, off = false) => {
        const made = make("button", { type: "button", className: "second", textContent: sign, disabled: off, onclick: act });
        made.setAttribute("aria-label", tell(text, { file: file.name }));
        return made;
      };
      list.append(make("li", { tabIndex: -1 }, make("span", { className: "name", textContent: file.name }),
        button("↑", words.up, () => swap(n - 1), n === 0),
        button("↓", words.down, () => swap(n + 1), n === files.length - 1),
        button("✕", words.without, () => again(files.filter((each) => each !== file), Math.max(n - 1, 0)), files.length === 1)));
    });
    const send = make("button", {
      type: "button", textContent: words.send,
      onclick: () => run(form, (panel) => files.length > 1 ? sendTogether(form, files, panel) : sendEach(form, files, panel)),
    });
    form.querySelector("button").hidden = true;  // it would send them in the first order
    panelOf(form).replaceChildren(make("p", { textContent: words.order }), list, send);
    if (focus !== undefined) list.children[focus].focus();
  }

  function panelOf(form) {
    if (!form.nextElementSibling?.classList.contains("sending")) form.after(make("div", { className: "sending" }));
    return form.nextElementSibling;
  }

  // One slot at work: progress and a way to stop; then the slot as the server shows it now.
  async function run(form, work) {
    const holder = panelOf(form), stopper = new AbortController();
    const bar = make("progress", { max: 1, value: 0 }), line = make("p");
    line.setAttribute("role", "status");
    bar.setAttribute("aria-label", words.sending.split("{")[0].trim());
    const stop = make("button", { type: "button", className: "second", textContent: words.stop, onclick: () => stopper.abort() });
    const focused = form.contains(document.activeElement) || holder.contains(document.activeElement);
    holder.replaceChildren(bar, line, stop);
    form.hidden = true;
    if (focused) stop.focus();
    const leaving = (event) => event.preventDefault();
    window.addEventListener("beforeunload", leaving);
    let said = "";
    try {
      await work({
        signal: stopper.signal,
        show: (text, file, share) => {
          const percent = `${Math.floor(share * 100)} %`;
          bar.value = share;
          const next = tell(text, { file: file?.name, percent });
          if (line.textContent !== next) line.textContent = next;
        },
      });
    } catch (error) {
      said = error instanceof Refused ? error.message : error.name === "AbortError" ? "" : words.failed;
    }
    window.removeEventListener("beforeunload", leaving);
    await refresh(form.dataset.slot, said);
  }

  async function refresh(slot, said) {
    // Where the page leads on, the reader follows: what is to be said there is said once.
    const answer = await steadily(() => fetch(location.pathname, { cache: "no-store", redirect: "manual" }));
    if (answer.type === "opaqueredirect") return location.reload();
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const fresh = page.getElementById(slot), old = document.getElementById(slot);
    if (!fresh) return location.reload();
    if (said) {
      const fault = make("p", { className: "fault", id: `fault-${slot.slice(5)}` }, make("span", { className: "unseen", textContent: `${words.error} ` }), said);
      fault.setAttribute("role", "alert");
      fresh.querySelector("form.picker").before(fault);
      fresh.classList.add("wrong");
    }
    old.replaceWith(document.adoptNode(fresh));
    if (!said) fresh.focus({ preventScroll: true });
  }

  async function sendEach(form, files, panel) {
    for (const file of files) await send(form, file, panel, {});
  }

  async function sendTogether(form, files, panel) {
    const ids = [];
    for (const file of files) ids.push((await send(form, file, panel, { part: "" })).split("/").pop());
    panel.show(words.making, null, 1);
    const body = new URLSearchParams(ids.map((id) => ["id", id]));
    await steadily(() => ask(form, form.dataset.together, "POST", panel, {}, body), panel.signal);
  }

  // Sends one file, however often the line breaks, and gives its place on the server.
  async function send(form, file, panel, more) {
    const mark = `${file.name}/${file.size}/${file.lastModified}`;
    let place = more.part === undefined ? brokenOff(form, mark) : null;
    let at = place ? null : 0, piece = 4 * SMALLEST, wait = 0;
    while (true) {
      try {
        if (!place) place = await begin(form, file, mark, panel, more);
        if (at === null) at = await reached(form, place, panel);
        panel.show(words.sending, file, file.size ? at / file.size : 0);
        if (at === file.size && at) return place;
        const began = performance.now();
        const answer = await ask(form, place, "PATCH", panel,
          { "Upload-Offset": at, "Content-Type": "application/offset+octet-stream" }, file.slice(at, at + piece));
        at = Number(answer.headers.get("Upload-Offset"));
        const took = performance.now() - began;
        piece = took < 1000 ? Math.min(piece * 2, LARGEST) : took > 4000 ? Math.max(piece / 2, SMALLEST) : piece;
        wait = 0;
        if (at === file.size) return place;
      } catch (error) {
        if (panel.signal.aborted) {
          if (place) ask(form, place, "DELETE", {}).catch(() => {});
          throw error;
        }
        if (error.gone && place) [place, at] = [null, 0];  // given up meanwhile: from the beginning
        else if (error instanceof Refused) throw error;
        else at = place ? null : 0;
        wait = Math.min(wait ? wait * 2 : 1000, LONGEST_WAIT);
        panel.show(words.waiting, file, at === null && file.size ? panelShare(form) : 0);
        await pause(wait, panel.signal);
      }
    }
  }

  const panelShare = (form) => panelOf(form).querySelector("progress").value;

  function brokenOff(form, mark) {
    const notes = document.getElementById(form.dataset.slot).querySelectorAll(".broken-off");
    return [...notes].find((note) => note.dataset.mark === mark)?.dataset.place ?? null;
  }

  async function begin(form, file, mark, panel, more) {
    const told = { filename: file.name, mark, ...more };
    const instead = form.elements.instead_of?.value;
    if (instead) told.instead_of = instead;
    const answer = await ask(form, form.dataset.tus, "POST", panel,
      { "Upload-Length": file.size, "Upload-Metadata": Object.entries(told).map(([name, value]) => `${name} ${base64(value)}`).join(",") });
    return answer.headers.get("Location");
  }

  async function reached(form, place, panel) {
    return Number((await ask(form, place, "HEAD", panel)).headers.get("Upload-Offset"));
  }

  const base64 = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

  // One request. What no trying again can mend is Refused; the rest is a broken line.
  async function ask(form, place, method, panel, headers = {}, body = undefined) {
    const answer = await fetch(place, {
      method, body, signal: panel.signal, redirect: "error",
      headers: { "Tus-Resumable": "1.0.0", "X-CSRFToken": form.elements.csrf_token.value, ...headers },
    });
    if (answer.ok) return answer;
    if ([409, 423, 429].includes(answer.status) || (answer.status >= 500 && answer.status !== 507)) throw new Error(answer.status);
    const said = answer.headers.get("Content-Type")?.startsWith("text/plain") ? await answer.text() : "";
    const gone = answer.status === 404;
    throw Object.assign(new Refused(said || (gone ? words.failed : words.closed)), { gone });
  }

  // Again and again, until the answer comes.
  async function steadily(work, signal) {
    for (let wait = 1000; ; wait = Math.min(wait * 2, LONGEST_WAIT)) {
      try {
        return await work();
      } catch (error) {
        if (error instanceof Refused || signal?.aborted) throw error;
        await pause(wait, signal);
      }
    }
  }

  // Waits, but no longer than until the device is on line again.
  function pause(time, signal) {
    return new Promise((go, fail) => {
      const timer = setTimeout(go, time);
      window.addEventListener("online", () => { clearTimeout(timer); go(); }, { once: true });
      signal?.addEventListener("abort", () => { clearTimeout(timer); fail(new DOMException("stopped", "AbortError")); });
    });
  }
})();
