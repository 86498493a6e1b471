/** Brings the quoted words into view. */

const quoted = document.getElementById("quote") ?? document.querySelector(".target");
quoted?.scrollIntoView({ block: "center", behavior: "instant" });
