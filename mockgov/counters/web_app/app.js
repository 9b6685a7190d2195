// Makes the pages a little handier where the browser can; every page works without.
const here = (path) => new URL(path, import.meta.url);

if ("serviceWorker" in navigator && window.isSecureContext) {
  navigator.serviceWorker.register(here("worker.js"), { scope: here("../uygulama").pathname }).catch(() => {});
}

for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) break;
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.copy);
    document.getElementById(button.dataset.says).textContent = button.dataset.copied;
  });
}

const install = document.getElementById("install");
window.addEventListener("beforeinstallprompt", (event) => {
  if (!install) return;
  event.preventDefault();
  install.hidden = false;
  install.addEventListener("click", () => event.prompt(), { once: true });
});

const camera = document.getElementById("camera");
if (camera && "BarcodeDetector" in window && navigator.mediaDevices?.getUserMedia) {
  const start = document.getElementById("camera-start");
  const stop = document.getElementById("camera-stop");
  const video = document.getElementById("camera-video");
  const says = document.getElementById("camera-says");
  const field = document.getElementById("code");
  let stream = null;
  const end = () => {
    stream?.getTracks().forEach((track) => track.stop());
    stream = null;
    video.hidden = stop.hidden = true;
    start.hidden = false;
  };
  const look = async (detector) => {
    if (!stream) return;
    const seen = video.readyState >= 2 ? await detector.detect(video).catch(() => []) : [];
    if (seen.length) {
      field.value = seen[0].rawValue;
      end();
      field.form.requestSubmit();
      return;
    }
    setTimeout(() => look(detector), 200);
  };
  camera.hidden = false;
  start.addEventListener("click", async () => {
    says.textContent = "";
    try {
      stream = await navigator.mediaDevices.getUserMedia({ video: { facingMode: "environment" } });
    } catch {
      says.textContent = camera.dataset.refused;
      return;
    }
    video.srcObject = stream;
    video.hidden = stop.hidden = false;
    start.hidden = true;
    await video.play();
    look(new window.BarcodeDetector({ formats: ["qr_code"] }));
  });
  stop.addEventListener("click", end);
}
