// The image tool: a crop in a shape, a focal point and words, by pointer and by keys; and what readers get of it.

import assert from 'node:assert/strict';
import { test } from 'node:test';
import { axe } from '../larder.js';
import { addressOf, draft, eventually, open, post, publish, saved, signedIn, site } from './desk.js';
import { focused, press, reach } from './keys.js';
import { halves } from './picture.js';

const RED = [200, 40, 40];
const BLUE = [40, 60, 200];

const at = site();

const image = (page) => page.locator('.f[data-path="featured_image"]');
const tool = (page) => page.getByRole('dialog', { name: 'Edit image' });
const numbers = (page) => Promise.all(['Left', 'Top', 'Width', 'Height'].map((name) => tool(page).getByLabel(name, { exact: true }).inputValue()));

async function edit(page) {
  await image(page).getByRole('button', { name: 'Edit image' }).click();
  await tool(page).waitFor();
}

/** What is saved of the picture, and its focal point. */
async function stored(page, address) {
  await saved(page);
  const { values: { featured_image: value } } = await draft(page, address);
  const id = value.url.split('/').pop();
  const { focal } = await (await page.request.get(`/admin/media/${id}/facts`)).json();
  return { value, id, focal };
}

/** The size of a picture as the browser shows it, and its colours at some places, in fractions. */
function pixels(page, address, places) {
  return page.evaluate(async ([src, at]) => {
    const picture = Object.assign(new Image(), { src });
    await picture.decode();
    const canvas = Object.assign(document.createElement('canvas'), { width: picture.naturalWidth, height: picture.naturalHeight });
    const paper = canvas.getContext('2d');
    paper.drawImage(picture, 0, 0);
    const colour = ([x, y]) => [...paper.getImageData(Math.floor(x * canvas.width), Math.floor(y * canvas.height), 1, 1).data].slice(0, 3);
    return { width: canvas.width, height: canvas.height, colours: at.map(colour) };
  }, [address, places]);
}

function near(found, wanted) {
  assert.ok(found.every((part, at) => Math.abs(part - wanted[at]) <= 12), `${found} is not ${wanted}`);
}

test('crop, focal point and alt text by pointer, then by keys alone; readers get these pixels', async (t) => {
  const page = await signedIn(t, at.browser, at.larder);
  const address = await addressOf(page, 'posts', 'A stollen worth the wait');
  await open(page, address);
  await image(page).locator('input[type=file]').first().setInputFiles({ name: 'halves.png', mimeType: 'image/png', buffer: halves(RED, BLUE) });
  await image(page).getByText('halves.png, 1600 × 1000').waitFor();

  await edit(page);
  assert.deepEqual(await axe(page, 'dialog.it'), []);
  await page.keyboard.press('Escape');
  await tool(page).waitFor({ state: 'detached' });
  assert.equal(await focused(page), 'Edit image');

  await edit(page);
  await tool(page).getByRole('button', { name: '1:1' }).click();
  assert.deepEqual(await numbers(page), ['300', '0', '1000', '1000']);
  const box = await page.locator('.it-picture').boundingBox();
  const point = (across, down) => [box.x + box.width * across, box.y + box.height * down];
  await page.mouse.move(...point(0.4, 0.6));
  await page.mouse.down();
  await page.mouse.move(...point(0.7, 0.6), { steps: 4 });
  await page.mouse.up();
  assert.deepEqual(await numbers(page), ['600', '0', '1000', '1000']);
  await page.mouse.click(...point(0.75, 0.5));
  await tool(page).getByText('75 % across, 50 % down').waitFor();
  await tool(page).getByLabel('Alt text').fill('Red meets blue');
  await page.keyboard.press('Escape');
  await page.getByRole('dialog', { name: 'Leave without your changes?' }).getByRole('button', { name: 'Keep editing' }).click();
  await tool(page).getByRole('button', { name: 'Use image' }).click();
  await tool(page).waitFor({ state: 'detached' });
  const first = await stored(page, address);
  assert.deepEqual(first.value, { url: `/media/crop=dim:[600,0,1000,1000]/${first.id}`, alt: 'Red meets blue' });
  first.focal.forEach((part, side) => assert.ok(Math.abs(part - [0.75, 0.5][side]) < 0.01, `${first.focal}`));

  await press(page, 'Enter');
  await tool(page).waitFor();
  await reach(page, /^4:5$/);
  await press(page, 'Enter');
  await reach(page, /^Crop\. Arrow keys/);
  await press(page, 'ArrowLeft', 'ArrowLeft', 'ArrowLeft', 'Shift+ArrowLeft');
  await reach(page, /^Focal point, /);
  await press(page, 'Shift+ArrowUp');
  await reach(page, /^Alt text/);
  await press(page, 'Control+a');
  await page.keyboard.type('Two colours');
  await reach(page, /^Use image$/);
  await press(page, 'Enter');
  await tool(page).waitFor({ state: 'detached' });
  const second = await stored(page, address);
  assert.deepEqual(second.value, { url: `/media/crop=dim:[687,0,800,1000]/${first.id}`, alt: 'Two colours' });
  assert.ok(Math.abs(second.focal[1] - first.focal[1] + 0.1) < 0.002, `${second.focal}`);

  await publish(page);
  const { slug } = await draft(page, address);
  const live = await eventually(async () => {
    const found = await post(at.larder, at.token, slug);
    assert.equal(found.featured_image_alt, 'Two colours');
    return found;
  });
  assert.ok(live.featured_image.endsWith(second.value.url), live.featured_image);
  // The two colours meet at 800 of 1600, which is 113 of the 800 pixels of the crop.
  const whole = await pixels(page, second.value.url, [[0.05, 0.5], [0.12, 0.5], [0.17, 0.5], [0.95, 0.5]]);
  assert.deepEqual([whole.width, whole.height], [800, 1000]);
  [RED, RED, BLUE, BLUE].forEach((colour, place) => near(whole.colours[place], colour));
  // Around the focal point, three quarters across, there is only blue.
  const cut = await pixels(page, `/media/resize=width:100,height:200,fit:crop/output=format:png/${first.id}`, [[0.02, 0.5], [0.98, 0.5]]);
  assert.deepEqual([cut.width, cut.height], [100, 200]);
  cut.colours.forEach((colour) => near(colour, BLUE));
});

test('a picture is marked as decorative, taken out, and brought back', async (t) => {
  const page = await signedIn(t, at.browser, at.larder, { theme: 'dark' });
  const address = await addressOf(page, 'posts', 'A stollen worth the wait');
  await open(page, address);
  await edit(page);
  await tool(page).getByLabel('Decorative').check();
  await tool(page).getByRole('button', { name: 'Use image' }).click();
  const { value } = await stored(page, address);
  assert.deepEqual([value.alt, value.decorative], ['', true]);
  await image(page).getByRole('button', { name: 'Remove' }).click();
  await saved(page);
  assert.equal((await draft(page, address)).values.featured_image, null);
  await page.locator('ld-toast').getByRole('button', { name: 'Undo' }).click();
  assert.deepEqual((await stored(page, address)).value, value);
});
