// A photo made small enough for a slow network before it is sent. Drawing it anew also leaves out where it was taken.
const LONGEST = 1600;
const QUALITY = 0.82;

export class Unreadable extends Error {}

export async function shrunk(file) {
  const source = URL.createObjectURL(file);
  const image = new Image();
  image.src = source;
  try {
    await image.decode();
  } catch {
    throw new Unreadable("这张照片打不开。请重新拍一张，或换一张。");
  } finally {
    URL.revokeObjectURL(source);
  }
  const scale = Math.min(1, LONGEST / Math.max(image.naturalWidth, image.naturalHeight));
  const canvas = document.createElement("canvas");
  canvas.width = Math.max(1, Math.round(image.naturalWidth * scale));
  canvas.height = Math.max(1, Math.round(image.naturalHeight * scale));
  const brush = canvas.getContext("2d");
  brush.fillStyle = "#fff";
  brush.fillRect(0, 0, canvas.width, canvas.height);
  brush.drawImage(image, 0, 0, canvas.width, canvas.height);
  const blob = await new Promise((done) => canvas.toBlob(done, "image/jpeg", QUALITY));
  if (!blob) throw new Unreadable("这张照片太大，手机放不下。请重新拍一张。");
  return { blob, width: canvas.width, height: canvas.height };
}

// Take or choose, look at it, send. `send` gets the small picture.
export function startPhotos($, send) {
  let chosen = null;
  let from = "camera";
  const drop = () => {
    URL.revokeObjectURL($("preview-image").src);
    $("preview-image").removeAttribute("src");
    chosen = null;
  };
  for (const id of ["camera", "album"]) {
    $(id).addEventListener("change", async () => {
      const file = $(id).files[0];
      $(id).value = "";
      if (!file) return;
      from = id;
      $("picking").close();
      try {
        chosen = await shrunk(file);
      } catch (error) {
        return send(null, error instanceof Unreadable ? error.message : "这张照片打不开，请换一张。");
      }
      $("preview-image").src = URL.createObjectURL(chosen.blob);
      const kb = Math.max(1, Math.round(chosen.blob.size / 1024));
      $("preview-size").textContent = `变小以后 ${kb} KB，字要看得清。`;
      $("preview").showModal();
    });
  }
  $("preview-yes").addEventListener("click", () => {
    const { blob } = chosen;
    $("preview").close();
    send(blob, "");
  });
  $("preview-no").addEventListener("click", () => { $("preview").close(); $(from).click(); });
  $("preview").addEventListener("close", drop);
}
