// `[data-file-to="id"]` holds a file input: the chosen file's text goes into the field of that id.

for (const place of document.querySelectorAll('[data-file-to]')) {
  place.hidden = false;
  place.querySelector('input').addEventListener('change', async ({ target }) => {
    const [file] = target.files;
    if (file) document.getElementById(place.dataset.fileTo).value = await file.text();
  });
}
