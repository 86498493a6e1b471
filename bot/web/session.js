/** Whether staff is signed in, when that ends, and whether somebody has signed in again in another tab. */

const NOTICE = 300; // seconds before the end within which one can finish what one is doing

export class Session {
  /** Whether staff is signed in; null where one cannot sign in, or as long as that is not known. */
  isSignedIn = null;
  #get;
  #handlers;
  #timers = [];

  /**
   * @param {() => Promise<{signed_in: boolean, can_sign_in: boolean, seconds: number | null}>} get
   * @param {object} handlers
   * @param {(words: string) => void} handlers.onEnding called with what there is to say of a sign-in that ends
   * @param {() => boolean} handlers.isAwaited whether something waits for somebody to sign in
   * @param {() => void} handlers.onReturn called when somebody has
   */
  constructor(get, handlers) {
    this.#get = get;
    this.#handlers = handlers;
    document.addEventListener("visibilitychange", () => document.hidden || this.#lookAgain());
    window.addEventListener("focus", () => this.#lookAgain());
  }

  /** Finds out how things stand. @returns {Promise<boolean>} whether staff is signed in */
  async look() {
    let found;
    try {
      found = await this.#get();
    } catch {
      return false;
    }
    this.isSignedIn = found.can_sign_in ? found.signed_in : null;
    this.#timers.forEach(clearTimeout);
    this.#timers = [];
    if (found.seconds) {
      this.#in(Math.max(found.seconds - NOTICE, 0), () => this.#handlers.onEnding("sign_in_ending"));
      this.#in(found.seconds, () => this.#end());
    }
    return found.signed_in;
  }

  #in(seconds, act) {
    this.#timers.push(setTimeout(act, Math.min(seconds * 1000, 2 ** 31 - 1)));
  }

  #end() {
    this.isSignedIn = false;
    this.#handlers.onEnding("sign_in_over");
  }

  async #lookAgain() {
    if (this.#handlers.isAwaited() && (await this.look()) && this.#handlers.isAwaited()) this.#handlers.onReturn();
  }
}
