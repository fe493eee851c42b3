"use strict";

fetch("/healthz").then((answer) => {
  document.getElementById("health").textContent = answer.ok ? "It takes questions." : "It takes no questions now.";
});
