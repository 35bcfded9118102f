// Switches a version's video between placements, and keeps the living parts of the page current.
"use strict";

document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-placement]");
  if (!button) return;
  const card = button.closest(".version");
  for (const other of card.querySelectorAll("[data-placement]")) {
    other.setAttribute("aria-pressed", String(other === button));
  }
  for (const video of card.querySelectorAll("video")) {
    const chosen = video.dataset.of === button.dataset.placement;
    video.hidden = !chosen;
    if (chosen) {
      video.preload = "metadata";
      video.play().catch(() => { /* The browser wants a click on the video itself; its controls are there. */ });
    } else {
      video.pause();
    }
  }
});

// Parts marked data-live are replaced when the server's copy differs; videos are never among them.
async function refresh() {
  try {
    const answer = await fetch(location.href, { headers: { "X-Requested-With": "refresh" } });
    if (!answer.ok) return;
    const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
    for (const part of document.querySelectorAll("[data-live]")) {
      const next = fresh.querySelector(`[data-live="${part.dataset.live}"]`);
      if (next && next.innerHTML !== part.innerHTML) part.innerHTML = next.innerHTML;
    }
  } catch (error) {
    console.warn("Retake: the page could not be refreshed", error);
  }
}

setInterval(() => { if (!document.hidden) refresh(); }, 5000);
