/* The line to the room: a socket while it holds, polling over HTTP when networks cut it.

   Callers see frames and a status (connecting, online, reconnecting, polling, offline, stopped); they do
   not see which way a frame came. Reconnecting is an everyday path: phones sleep, networks change. */

const FIRST_WAIT = 500;
const LONGEST_WAIT = 8000;
const PING_EVERY = 25000;
const PONG_WITHIN = 10000;
const OPEN_WITHIN = 6000;
const POLL_EVERY = 2000;
const SOCKET_AGAIN = 30000;
const FAILURES_TO_POLL = 2;

export class Link {
  /* options: code, token() → string or null, rev() → number, onFrame(frame), onStatus(status) */
  constructor(options) {
    this.options = options;
    this.socket = null;
    this.ready = false;
    this.failures = 0;
    this.wait = FIRST_WAIT;
    this.polling = false;
    this.stopped = false;
    this.timers = {};
    this.status = "";
  }

  start() {
    window.addEventListener("online", () => this.hurry());
    window.addEventListener("offline", () => this.say("offline"));
    document.addEventListener("visibilitychange", () => {
      if (!document.hidden) this.hurry();
    });
    this.say("connecting");
    this.open();
  }

  /* Sends by whichever way is open. Returns false when none is: the caller keeps what matters. */
  send(message) {
    const frame = JSON.stringify(Object.assign({ v: 1 }, message));
    if (this.ready && this.socket.readyState === WebSocket.OPEN) {
      this.socket.send(frame);
      return true;
    }
    if (this.polling) {
      this.post(frame);
      return true;
    }
    return false;
  }

  stop() {
    this.stopped = true;
    this.say("stopped");
    Object.keys(this.timers).forEach((name) => window.clearTimeout(this.timers[name]));
    if (this.socket) this.socket.close();
  }

  say(status) {
    if (this.status === status) return;
    this.status = status;
    this.options.onStatus(status);
  }

  later(name, delay, work) {
    window.clearTimeout(this.timers[name]);
    this.timers[name] = window.setTimeout(work, delay);
  }

  hurry() {
    if (this.stopped) return;
    if (this.ready) {
      this.ping();
      return;
    }
    this.wait = FIRST_WAIT;
    this.open();
    if (this.polling) this.poll();
  }

  open() {
    if (this.stopped) return;
    this.drop();
    const scheme = window.location.protocol === "https:" ? "wss:" : "ws:";
    let socket;
    try {
      socket = new WebSocket(`${scheme}//${window.location.host}/ws/live/${this.options.code}/`);
    } catch (refused) {
      this.failed();
      return;
    }
    this.socket = socket;
    this.later("open", OPEN_WITHIN, () => this.lost(socket));
    socket.onopen = () => {
      const token = this.options.token();
      socket.send(JSON.stringify(token ? { v: 1, t: "hello", token } : { v: 1, t: "hello" }));
    };
    socket.onmessage = (event) => {
      if (socket === this.socket) this.hear(JSON.parse(event.data));
    };
    socket.onclose = () => this.lost(socket);
    socket.onerror = () => this.lost(socket);
  }

  hear(frame) {
    window.clearTimeout(this.timers.open);
    window.clearTimeout(this.timers.pong);
    if (frame.t === "bye") {
      if (!frame.resume) this.stop();
      this.options.onFrame(frame);
      return;
    }
    this.ready = true;
    this.polling = false;
    this.failures = 0;
    this.wait = FIRST_WAIT;
    window.clearTimeout(this.timers.poll);
    // The device may have said “offline” while the socket lived on: a frame is the better witness.
    this.say("online");
    this.later("ping", PING_EVERY, () => this.ping());
    if (frame.t !== "pong") this.options.onFrame(frame);
  }

  ping() {
    const socket = this.socket;
    if (this.send({ t: "ping" })) this.later("pong", PONG_WITHIN, () => this.lost(socket));
  }

  drop() {
    const socket = this.socket;
    this.socket = null;
    this.ready = false;
    window.clearTimeout(this.timers.ping);
    window.clearTimeout(this.timers.pong);
    window.clearTimeout(this.timers.open);
    if (!socket) return;
    socket.onopen = socket.onmessage = socket.onclose = socket.onerror = null;
    socket.close();
  }

  lost(socket) {
    if (socket !== this.socket || this.stopped) return;
    this.drop();
    this.failed();
  }

  failed() {
    this.failures += 1;
    if (this.failures >= FAILURES_TO_POLL && !this.polling) {
      this.polling = true;
      this.poll();
    }
    if (!this.polling) this.say(window.navigator.onLine === false ? "offline" : "reconnecting");
    // Jitter: a whole school must not come back in the same instant.
    const delay = this.polling ? SOCKET_AGAIN : this.wait;
    this.later("again", delay * (0.5 + Math.random()), () => this.open());
    this.wait = Math.min(LONGEST_WAIT, this.wait * 2);
  }

  poll() {
    if (!this.polling || this.stopped) return;
    const done = () => this.later("poll", POLL_EVERY * (0.75 + Math.random() / 2), () => this.poll());
    if (!this.options.token()) {
      this.post(JSON.stringify({ v: 1, t: "hello" })).then(done);
      return;
    }
    this.post(JSON.stringify({ v: 1, t: "sync", rev: this.options.rev() })).then(done);
  }

  async post(body) {
    const headers = { "Content-Type": "application/json" };
    const token = this.options.token();
    if (token) headers.Authorization = `Bearer ${token}`;
    try {
      const response = await window.fetch(`/live/api/${this.options.code}/`, {
        method: "POST",
        headers,
        body,
        credentials: "omit",
      });
      const answer = await response.json();
      if (!this.polling || this.stopped) return;
      this.say("polling");
      answer.frames.forEach((frame) => this.options.onFrame(frame));
    } catch (failure) {
      if (this.polling && !this.stopped) {
        this.say(window.navigator.onLine === false ? "offline" : "reconnecting");
      }
    }
  }
}
