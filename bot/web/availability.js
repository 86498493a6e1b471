/** Whether the bot can answer now; once it is lost, asks until it is back. */

const FIRST_PAUSE = 2_000;
const LONGEST_PAUSE = 10_000;
const BACK_OFF = 1.25;

export class Availability {
  #probe;
  #onChange;
  #recovery = null;
  #wake = () => {};

  /**
   * @param {() => Promise<boolean>} probe
   * @param {(isReady: boolean) => void} onChange
   */
  constructor(probe, onChange) {
    this.#probe = probe;
    this.#onChange = onChange;
    window.addEventListener("online", () => this.#wake());
    document.addEventListener("visibilitychange", () => document.hidden || this.#wake());
  }

  /** @returns {boolean} */
  get isReady() {
    return this.#recovery === null;
  }

  /** Finds out how things stand. */
  async check() {
    if (!(await this.#probe())) this.lost();
  }

  /** Call when a request failed because the bot was away. */
  lost() {
    if (this.#recovery) return;
    this.#recovery = this.#recover();
    this.#onChange(false);
  }

  /** @returns {Promise<void>} when the bot is ready: at once, or after its recovery */
  async ready() {
    await this.#recovery;
  }

  async #recover() {
    for (let pause = FIRST_PAUSE; ; pause = Math.min(pause * BACK_OFF, LONGEST_PAUSE)) {
      await new Promise((resolve) => {
        this.#wake = resolve;
        setTimeout(resolve, pause);
      });
      if (await this.#probe()) break;
    }
    this.#recovery = null;
    this.#onChange(true);
  }
}
