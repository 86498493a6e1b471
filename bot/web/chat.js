/** The chat page: puts its parts together. */

import { isReady } from "./api.js";
import { announcer } from "./announcer.js";
import { Availability } from "./availability.js";
import { Composer } from "./composer.js";
import { Conversation } from "./conversation.js";
import { button, element } from "./elements.js";
import { failureText, Log } from "./log.js";
import { recall, remember } from "./memory.js";
import { LANGUAGES, Texts } from "./texts.js";
import { followKeyboard } from "./viewport.js";

const GOOD_NEWS = 4_000;
const RELOAD_PAUSE = 2_000;

const find = (id) => document.getElementById(id);
const announce = announcer(find("announcements"));
const hasKeyboard = window.matchMedia("(hover: hover) and (pointer: fine)");

const availability = new Availability(isReady, showAvailability);
const conversation = new Conversation(availability, () => texts.lang, showTurn);
const log = new Log(find("log"), find("scroller"), {
  onSuggestion: askFromPage,
  onRetry: retry,
  conversation: () => conversation.id,
});
const composer = new Composer(find("composer"), {
  onSend: (text) => conversation.send(text),
  lastQuestion: () => conversation.turns.at(-1)?.text,
  announce,
});
let texts = await firstTexts();
const told = new Set();

speak();
find("app").hidden = false;
find("loading").hidden = true;
followKeyboard();
find("anew").addEventListener("click", startAnew);
for (const choice of document.querySelectorAll(".languages button")) {
  choice.addEventListener("click", () => changeLanguage(choice.value));
}
if (hasKeyboard.matches) composer.focus();
availability.check();
await conversation.resume();
conversation.turns.filter(isSettled).forEach((turn) => told.add(turn.id));
log.reset(conversation.turns, texts);
showWelcome();

/** The words of the language chosen last, German at first; the page is no use without them, so it keeps asking. */
async function firstTexts() {
  const asked = new URLSearchParams(location.search).get("lang") ?? recall("lang");
  const lang = LANGUAGES.includes(asked) ? asked : LANGUAGES[0];
  for (;;) {
    try {
      return await Texts.load(lang);
    } catch {
      await new Promise((resolve) => setTimeout(resolve, RELOAD_PAUSE));
    }
  }
}

async function changeLanguage(lang) {
  try {
    texts = await Texts.load(lang);
  } catch {
    availability.lost();
    return;
  }
  remember("lang", lang);
  speak();
}

function speak() {
  texts.apply();
  composer.speak(texts);
  for (const choice of document.querySelectorAll(".languages button")) {
    choice.setAttribute("aria-pressed", String(choice.value === texts.lang));
  }
  find("examples").replaceChildren(
    ...texts.examples.map((question) => element("li", {}, button(question, () => askFromPage(question)))),
  );
  log.reset(conversation.turns, texts);
  if (!availability.isReady) showAvailability(false);
}

function showAvailability(isAvailable) {
  const banner = find("banner");
  banner.classList.toggle("good", isAvailable);
  const words = navigator.onLine ? "unavailable" : "offline";
  banner.textContent = texts.get(isAvailable ? "available" : words);
  if (isAvailable) setTimeout(() => availability.isReady && (banner.textContent = ""), GOOD_NEWS);
}

function showWelcome() {
  find("welcome").hidden = conversation.turns.length > 0;
}

function showTurn(turn) {
  showWelcome();
  log.show(turn);
  if (turn.state === "searching") announce(texts.get("searching"));
  if (!isSettled(turn) || told.has(turn.id)) return;
  if (turn.state === "answered") told.add(turn.id);
  for (const message of turn.messages) announce(message.text, message.lang);
  if (turn.state === "failed") announce(failureText(turn.error, texts));
}

function isSettled({ state }) {
  return state === "answered" || state === "failed";
}

/** Asks what a button on the page offers. */
function askFromPage(question) {
  leaveButton(conversation.send(question));
}

function retry(turn) {
  conversation.retry(turn);
  leaveButton(turn);
}

/** The button that was pressed is gone: on to the field, or, where that would bring up a keyboard, to the turn. */
function leaveButton(turn) {
  if (hasKeyboard.matches) composer.focus();
  else log.focus(turn.id);
}

function startAnew() {
  conversation.startAnew();
  log.reset([], texts);
  showWelcome();
  composer.focus();
  announce(texts.get("new_conversation_started"));
}
