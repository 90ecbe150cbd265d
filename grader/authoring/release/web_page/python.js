// A Python in a worker of its own, which is ended where a call takes too long, and begun anew.

export class Ended extends Error {}

export class Python {
  // settings: the page's. tell: takes each message of the worker's that answers nothing.
  constructor(settings, tell) {
    this.settings = settings;
    this.tell = tell;
    this.begin();
  }

  begin() {
    this.waiting = null;
    this.ready = new Promise((resolve, reject) => {
      this.worker = new Worker(new URL("worker.js", import.meta.url), { type: "module" });
      this.waiting = { resolve, reject };
    });
    this.ready.catch(() => {});
    this.worker.onmessage = ({ data }) => this.heard(data);
    this.worker.onerror = (event) => {
      event.preventDefault();
      this.fail(new Error(event.message || "the worker could not be started"));
    };
    const here = (path) => new URL(path, document.baseURI).href;
    const { kit, wheel, interpreter, packages, loadSeconds } = this.settings;
    this.limit(loadSeconds, `Python was still loading after ${loadSeconds} s. Reload the page.`);
    this.worker.postMessage({
      kind: "begin",
      kit: here(kit),
      wheel: here(wheel),
      interpreter: here(interpreter),
      packages,
    });
  }

  // Asks the worker for one thing. Rejects with Ended where it was stopped.
  async ask(message) {
    await this.ready;
    return new Promise((resolve, reject) => {
      this.waiting = { resolve, reject };
      this.worker.postMessage(message);
    });
  }

  heard(data) {
    if (data.kind === "call") {
      this.limit(data.limit_s, data.late);
    } else if (data.kind === "returned") {
      clearTimeout(this.timer);
    } else if (data.kind === "answer") {
      this.settle("resolve", data.value);
    } else if (data.kind === "failed") {
      this.fail(new Error(data.text));
    } else {
      this.tell(data);
    }
  }

  limit(seconds, late) {
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.end(late), 1000 * seconds);
  }

  settle(how, value) {
    clearTimeout(this.timer);
    const waiting = this.waiting;
    this.waiting = null;
    waiting?.[how](value);
  }

  fail(error) {
    this.settle("reject", error);
  }

  // Ends whatever runs. why: what whoever waits for it is told.
  end(why) {
    this.worker.terminate();
    const waiting = this.waiting;
    this.waiting = null;
    clearTimeout(this.timer);
    this.begin();
    waiting?.reject(new Ended(why));
  }
}
