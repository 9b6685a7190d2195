// A page that is left lets go of its stream, also where the browser keeps the page for the way back.
htmx.createEventSource = (address) => {
  const source = new EventSource(address);
  addEventListener("pagehide", () => source.close(), { once: true });
  return source;
};
addEventListener("pageshow", (event) => {
  if (event.persisted) location.reload();
});
