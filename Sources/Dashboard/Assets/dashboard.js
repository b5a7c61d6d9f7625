// Keeps an open page at what is the case. Without it everything works, too, and reloads.
"use strict";

(() => {
  const root = document.documentElement;
  const base = root.dataset.base || "";
  const get = (id) => document.getElementById(id);

  // MARK: Kept choices; a browser may refuse to keep any.
  const kept = {
    read(name) { try { return localStorage.getItem(`deploy-${name}`); } catch { return null; } },
    write(name, value) {
      try {
        if (value === null) localStorage.removeItem(`deploy-${name}`);
        else localStorage.setItem(`deploy-${name}`, value);
      } catch { /* not kept */ }
    },
  };

  // MARK: Light or dark, before anything is drawn.
  const showTheme = () => {
    const theme = kept.read("theme");
    if (theme === "light" || theme === "dark") root.dataset.theme = theme;
    else delete root.dataset.theme;
    const button = get("theme");
    if (!button) return;
    button.textContent = `Theme: ${root.dataset.theme || "system"}`;
  };
  const nextTheme = () => {
    const next = { light: "dark", dark: null }[kept.read("theme")];
    kept.write("theme", next === undefined ? "light" : next);
    showTheme();
  };
  showTheme();

  // MARK: Time. The server's clock counts, not the one of this machine.
  const clock = {
    offset: Number(root.dataset.now) - Date.now(),
    stopped: null,
    now() { return this.stopped ?? Date.now() + this.offset; },
    set(instant) {
      const time = Date.parse(instant);
      if (!Number.isNaN(time)) this.offset = time - Date.now();
    },
  };
  // The same words as the server's: cut off, never rounded up.
  const duration = (ms) => {
    if (ms < 1000) return ms < 1 ? "0s" : `${Math.floor(ms)}ms`;
    const tenths = Math.floor(ms / 100);
    if (ms < 10000) return tenths % 10 ? `${Math.floor(tenths / 10)}.${tenths % 10}s` : `${tenths / 10}s`;
    const s = Math.floor(ms / 1000);
    const pair = (large, largeUnit, small, smallUnit) => {
      const rest = Math.floor((s % large) / small);
      return `${Math.floor(s / large)}${largeUnit}${rest ? String(rest).padStart(2, "0") + smallUnit : ""}`;
    };
    if (s < 60) return `${s}s`;
    if (s < 3600) return pair(60, "m", 1, "s");
    if (s < 86400) return pair(3600, "h", 60, "m");
    return pair(86400, "d", 3600, "h");
  };
  const setText = (node, text) => { if (node.textContent !== text) node.textContent = text; };
  const tick = () => {
    const now = clock.now();
    for (const node of document.querySelectorAll("[data-since]")) {
      const past = Math.max(0, now - Number(node.dataset.since));
      if (node.localName === "progress") {
        node.value = Math.min(past, node.max);
        node.classList.toggle("over", past > node.max);
      } else if (node.dataset.of) {
        setText(node, `${Math.min(999, Math.floor((past * 100) / Number(node.dataset.of)))} %`);
      } else if (past >= 10000) {
        setText(node, duration(past));
      } else {
        setText(node, duration(Math.floor(past / 1000) * 1000));
      }
    }
    const asof = get("asof");
    if (asof && root.dataset.events) {
      setText(asof, clockText(now));
      asof.dateTime = asof.title = new Date(now).toISOString();
    }
  };
  // In the zone of the page, which the browser need not know.
  const clockText = (time) => {
    try {
      return new Intl.DateTimeFormat("en-GB", {
        hour: "2-digit", minute: "2-digit", second: "2-digit", hourCycle: "h23",
        timeZone: get("zone-here")?.dataset.zone,
      }).format(time);
    } catch { return new Date(time).toISOString().slice(11, 19); }
  };

  // MARK: Regions. What differs is changed in place: focus, selection, scrolling and what was
  // opened stay as they are.
  const key = (node) => node.nodeType === 1 ? node.id || node.dataset.key || "" : "";
  const isAlike = (a, b) => a.nodeType === b.nodeType && a.nodeName === b.nodeName && key(a) === key(b);
  const morph = (old, next) => {
    if (old.nodeType !== 1) {
      if (old.nodeValue !== next.nodeValue) old.nodeValue = next.nodeValue;
      return;
    }
    // What the reader opened is theirs, and how a bar looks is the clock's.
    const isOurs = (name) => !(name === "open" && old.localName === "details")
      && !(name === "class" && old.localName === "progress");
    for (const { name, value } of [...next.attributes]) {
      if (isOurs(name) && old.getAttribute(name) !== value) old.setAttribute(name, value);
    }
    for (const { name } of [...old.attributes]) {
      if (isOurs(name) && !next.hasAttribute(name)) old.removeAttribute(name);
    }
    if (old.localName === "input" || old.localName === "select") return;
    morphChildren(old, next);
  };
  const morphChildren = (old, next) => {
    let place = old.firstChild;
    for (const wanted of [...next.childNodes]) {
      let found = place;
      // What has no key, such as the space between rows, is not looked for behind a row that has one:
      // that row would go although it is still wanted.
      while (found && !isAlike(found, wanted)) {
        found = key(wanted) || !key(found) ? found.nextSibling : null;
      }
      if (!found) {
        old.insertBefore(document.importNode(wanted, true), place);
        continue;
      }
      while (place !== found) {
        const gone = place;
        place = place.nextSibling;
        gone.remove();
      }
      morph(found, wanted);
      place = found.nextSibling;
    }
    while (place) {
      const gone = place;
      place = place.nextSibling;
      gone.remove();
    }
  };

  const regions = new Map();
  const address = (fragment) => {
    const url = new URL(location.href);
    url.hash = "";
    url.searchParams.set("fragment", fragment);
    return url;
  };
  let isPointerDown = false;
  const settled = () => new Promise((done) => {
    const check = () => (isPointerDown ? setTimeout(check, 100) : done());
    check();
  });
  const fetchRegion = async (node) => {
    const state = regions.get(node.id) || regions.set(node.id, { tag: null, text: null }).get(node.id);
    if (state.running) { state.again = true; return state.running; }
    state.running = (async () => {
      do {
        state.again = false;
        const headers = state.tag ? { "If-None-Match": state.tag } : {};
        const answer = await fetch(address(node.dataset.fragment), {
          headers, credentials: "same-origin", cache: "no-store", signal: AbortSignal.timeout(15000),
        });
        if (answer.status === 401) { location.reload(); return; }
        if (answer.status === 304) continue;
        if (!answer.ok) throw new Error(String(answer.status));
        const text = await answer.text();
        state.tag = answer.headers.get("ETag");
        if (text === state.text) continue;
        const isFirst = state.text === null;
        state.text = text;
        await settled();
        const next = new DOMParser().parseFromString(`<body>${text}`, "text/html").body;
        const before = node.innerHTML;
        morphChildren(node, next);
        tick();
        if (!isFirst || before !== node.innerHTML) changed(node, isFirst);
      } while (state.again);
    })();
    try { await state.running; } finally { state.running = null; }
  };

  // MARK: What is said, in the tab and to who listens.
  const said = new Map();
  const title = document.title.split(" · ").slice(1).join(" · ");
  const lockNodes = () => [...document.querySelectorAll("[data-part=lock] [data-say]")];
  const changed = (node, isFirst) => {
    const say = node.querySelector("[data-say]");
    if (!say) return;
    if (say === lockNodes()[0]) {
      document.title = [say.dataset.say, title].join(" · ");
      const icon = get("icon");
      const href = `${base}/assets/favicon-${say.dataset.icon}.svg`;
      if (icon && icon.getAttribute("href") !== href) icon.setAttribute("href", href);
    }
    if (said.get(node.id) !== say.dataset.say) {
      said.set(node.id, say.dataset.say);
      if (!isFirst || said.size) get("announce").textContent = say.dataset.say;
    }
  };

  // MARK: Live, paused, or lost.
  const names = {
    live: "Live", poll: "Live, every 10 s", paused: "Paused", wait: "Connecting", lost: "Connection lost",
  };
  let isPaused = false;
  let mode = "wait";
  const isCurrent = () => mode === "live" || mode === "poll";
  const show = (next) => {
    if (mode === next && get("live").dataset.live === next) return;
    mode = next;
    const pill = get("live");
    pill.dataset.live = next;
    document.body.dataset.live = next;
    // A clock that runs would say that what is shown is true now.
    clock.stopped = isCurrent() ? null : clock.stopped ?? clock.now();
    pill.textContent = next === "lost" || next === "paused"
      ? `${names[next]}, showing ${clockText(clock.now())}` : names[next];
    if (next === "lost") get("announce").textContent = "Connection lost";
  };

  const parts = () => [...document.querySelectorAll("[data-part]")];
  const refresh = async (wanted) => {
    // Of a tab that nobody looks at only its name and its picture show.
    const list = document.hidden ? ["lock"] : wanted;
    const nodes = parts().filter((node) => !list || list.includes(node.dataset.part));
    const results = await Promise.allSettled(nodes.map(fetchRegion));
    return results.every((result) => result.status === "fulfilled");
  };

  // MARK: One stream for all tabs of a browser.
  const SILENCE = 40000;
  const HIDDEN = 60000;
  const POLL = 10000;
  let source = null;
  let heard = 0;
  let version = root.dataset.version;
  const hasShared = "locks" in navigator && "BroadcastChannel" in window;
  const channel = hasShared ? new BroadcastChannel(`deploy-dashboard ${base}`) : null;
  let giveUp = null;

  const hear = (message) => {
    heard = message.kind === "error" ? 0 : Date.now();
    if (message.now) clock.set(message.now);
    if (message.version) version = message.version;
    if (isPaused) return;
    if (message.kind === "error") { watch(); return; }
    if (message.kind === "bye") return;
    const isBack = mode !== "live";
    show("live");
    if (isBack) refresh();
    else if (message.parts) refresh(message.parts).then((isWell) => { if (!isWell) lost(); });
    tick();
  };
  const tell = (message) => {
    hear(message);
    channel?.postMessage(message);
  };
  const open = () => {
    if (source) return;
    // A new stream knows nothing of the one before.
    source = new EventSource(`${root.dataset.events}?version=${encodeURIComponent(version || "")}`);
    const data = (event) => { try { return JSON.parse(event.data); } catch { return {}; } };
    source.addEventListener("tick", (event) => tell({ kind: "tick", now: data(event).now }));
    source.addEventListener("change", (event) => {
      const { now, parts: list } = data(event);
      tell({ kind: "change", now, parts: list, version: event.lastEventId });
    });
    source.addEventListener("bye", (event) => {
      tell({ kind: "bye", now: data(event).now });
      if (data(event).reason === "expired") location.reload();
    });
    source.addEventListener("error", () => {
      // Closed for good, as where there are too many streams: the watch below tries again.
      if (source?.readyState === EventSource.CLOSED) close();
      tell({ kind: "error" });
    });
  };
  const close = () => {
    source?.close();
    source = null;
  };
  const lead = () => {
    if (!channel) { open(); return; }
    if (giveUp) return;
    const stop = new AbortController();
    giveUp = () => { stop.abort(); close(); giveUp = null; };
    navigator.locks.request(`deploy-dashboard ${base}`, { signal: stop.signal }, () => {
      open();
      return new Promise((done) => stop.signal.addEventListener("abort", done));
    }).catch(() => {});
    // Whoever leads tells how things are.
    channel.postMessage({ kind: "hello" });
  };
  const leave = () => {
    if (giveUp) giveUp();
    else close();
  };
  if (channel) {
    channel.onmessage = ({ data }) => {
      if (data.kind === "hello") {
        if (source && heard) channel.postMessage({ kind: "tick", now: new Date(Date.now() + clock.offset).toISOString(), version });
      } else hear(data);
    };
  }

  let polled = 0;
  let triedAt = 0;
  const lost = () => {
    if (!isPaused) show("lost");
  };
  const watch = async () => {
    if (isPaused || document.hidden || Date.now() - heard < SILENCE) return;
    if (Date.now() - polled < POLL) return;
    polled = Date.now();
    // Not all tabs of all browsers at once.
    if (!source && Date.now() > triedAt) {
      triedAt = Date.now() + POLL * (1 + 2 * Math.random());
      leave();
      lead();
    }
    const isWell = await refresh();
    if (isPaused || Date.now() - heard < SILENCE) return;
    if (isWell) { show("poll"); tick(); } else lost();
  };

  const pause = () => {
    isPaused = !isPaused;
    const button = get("pause");
    button.setAttribute("aria-pressed", String(isPaused));
    button.textContent = isPaused ? "Resume" : "Pause";
    if (isPaused) { leave(); show("paused"); return; }
    show("wait");
    heard = Date.now();
    lead();
    refresh();
  };

  let hiddenTimer = null;
  const looked = () => {
    if (document.hidden) {
      // A leading tab goes on for the others; without others to lead it is of no use, either.
      if (!channel) hiddenTimer = setTimeout(leave, HIDDEN);
      return;
    }
    clearTimeout(hiddenTimer);
    if (isPaused) return;
    lead();
    // After a sleep the old stream may be dead without a word.
    if (Date.now() - heard > SILENCE) { leave(); show("wait"); heard = Date.now(); lead(); }
    refresh();
  };

  const startLive = () => {
    const pauseButton = get("pause");
    pauseButton.hidden = false;
    pauseButton.addEventListener("click", pause);
    for (const node of parts()) {
      const say = node.querySelector("[data-say]");
      if (say) said.set(node.id, say.dataset.say);
    }
    show("wait");
    heard = Date.now();
    lead();
    setInterval(() => { if (isCurrent()) tick(); }, 1000);
    setInterval(watch, 2000);
    // Output grows without an event.
    setInterval(() => {
      if (!isCurrent() || document.hidden) return;
      for (const node of parts()) if (node.querySelector("[data-busy]")) fetchRegion(node).catch(() => {});
    }, 3000);
    document.addEventListener("visibilitychange", looked);
    addEventListener("pagehide", () => leave());
    addEventListener("pageshow", (event) => { if (event.persisted && !isPaused) { show("wait"); lead(); refresh(); } });
    addEventListener("online", looked);
    addEventListener("pointerdown", () => { isPointerDown = true; }, true);
    for (const name of ["pointerup", "pointercancel", "blur"]) {
      addEventListener(name, () => { isPointerDown = false; }, true);
    }
  };

  // MARK: Keys.
  const isTyping = (node) => node.closest("input, textarea, select, [contenteditable]") !== null;
  let prefix = 0;
  const rows = () => [...document.querySelectorAll("tr[data-row] a, li[data-row] a")]
    .filter((link, place, all) => all.findIndex((one) => one.closest("[data-row]") === link.closest("[data-row]")) === place);
  const moveRow = (step) => {
    const all = rows();
    if (!all.length) return;
    const at = all.findIndex((link) => link.closest("[data-row]").contains(document.activeElement));
    const next = all[Math.min(all.length - 1, Math.max(0, at < 0 ? 0 : at + step))];
    next.focus();
    next.scrollIntoView({ block: "nearest" });
  };
  const follow = (name) => {
    const link = [...document.querySelectorAll(".bar nav a")].find((one) => one.textContent.toLowerCase().startsWith(name));
    link?.click();
  };
  const keys = {
    "/": () => get("search")?.focus(),
    "j": () => moveRow(1), "k": () => moveRow(-1),
    "p": () => { if (root.dataset.events) pause(); },
    "t": () => nextTheme(),
    "?": () => { const help = get("help"); if (!help.open) help.showModal(); },
    "g": () => { prefix = Date.now(); },
  };
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.altKey || event.metaKey || event.isComposing) return;
    if (event.key === "Escape" && document.activeElement === get("search")) { document.activeElement.blur(); return; }
    if (isTyping(event.target) || get("help")?.open) return;
    if (Date.now() - prefix < 1500 && "nqrl".includes(event.key)) {
      prefix = 0;
      event.preventDefault();
      follow(event.key);
      return;
    }
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });

  // MARK: What a page without script has no use for.
  const start = () => {
    showTheme();
    const theme = get("theme");
    if (theme) { theme.hidden = false; theme.addEventListener("click", nextTheme); }
    for (const button of document.querySelectorAll(".copy")) {
      if (!navigator.clipboard) break;
      button.hidden = false;
      button.addEventListener("click", async () => {
        await navigator.clipboard.writeText(button.parentElement.querySelector("code").textContent);
        button.textContent = "Copied";
        setTimeout(() => { button.textContent = "Copy"; }, 1500);
      });
    }
    const here = get("zone-here");
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    if (here && zone && zone !== here.dataset.zone && zone !== "UTC") {
      const url = new URL(here.href);
      url.searchParams.set("tz", zone);
      here.href = url.href;
      here.textContent = zone;
      here.hidden = false;
    }
    if (root.dataset.events) startLive();
  };
  if (document.readyState === "loading") document.addEventListener("DOMContentLoaded", start);
  else start();
})();
