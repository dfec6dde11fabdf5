// A picture to upload.

import { randomBytes } from 'node:crypto';
import { deflateSync } from 'node:zlib';

/** A small PNG whose every pixel has the colour. */
export function picture(red, green, blue, width = 320, height = 180) {
  const row = Buffer.concat([Buffer.from([0]), Buffer.concat(Array(width).fill(Buffer.from([red, green, blue])))]);
  return png(width, height, Buffer.concat(Array(height).fill(row)));
}

function png(width, height, rows) {
  const header = Buffer.alloc(13);
  header.writeUInt32BE(width, 0);
  header.writeUInt32BE(height, 4);
  header.set([8, 2, 0, 0, 0], 8);
  const signature = Buffer.from([137, 80, 78, 71, 13, 10, 26, 10]);
  return Buffer.concat([signature, chunk('IHDR', header), chunk('IDAT', deflateSync(rows)), chunk('IEND', Buffer.alloc(0))]);
}

/** A small picture in a file of at least so many bytes, most of which no program reads. */
export function heavy(length) {
  const small = picture(20, 110, 80);
  const end = small.length - 12;
  return Buffer.concat([small.subarray(0, end), chunk('biGg', randomBytes(length)), small.subarray(end)]);
}

/** A picture of two colours: left and right. */
export function halves(left, right, width = 1600, height = 1000) {
  const row = Buffer.concat([Buffer.from([0]), ...Array.from({ length: width }, (_, at) => Buffer.from(at < width / 2 ? left : right))]);
  return png(width, height, Buffer.concat(Array(height).fill(row)));
}

function chunk(kind, data) {
  const body = Buffer.concat([Buffer.from(kind, 'latin1'), data]);
  const [length, sum] = [Buffer.alloc(4), Buffer.alloc(4)];
  length.writeUInt32BE(data.length);
  sum.writeUInt32BE(crc(body));
  return Buffer.concat([length, body, sum]);
}

const TABLE = Uint32Array.from({ length: 256 }, (_, byte) => {
  let sum = byte;
  for (let bit = 0; bit < 8; bit += 1) sum = (sum >>> 1) ^ (sum & 1 ? 0xedb88320 : 0);
  return sum;
});

function crc(bytes) {
  let sum = 0xffffffff;
  for (const byte of bytes) sum = (sum >>> 8) ^ TABLE[(sum ^ byte) & 255];
  return (sum ^ 0xffffffff) >>> 0;
}
