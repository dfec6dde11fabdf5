// Pasting and dropping: everything from elsewhere is cleaned, pictures go into the library.

import { Extension } from '@tiptap/core';
import { Plugin } from '@tiptap/pm/state';
import { FORMATS, looksLikeAddress } from './allow.js';
import { quoted } from './escape.js';
import { TEXT_LIMIT, clean, cutText } from './paste/clean.js';
import { WORDS } from './words.js';

/** What one `<ld-richtext>` does with the clipboard. */
export function pasting(richtext) {
  return Extension.create({
    name: 'pasting',
    addProseMirrorPlugins: () => [new Plugin({
      props: {
        handleDOMEvents: {
          paste: (view, event) => {
            const handled = view.editable && (pasteLink(richtext, event.clipboardData) || pastePictures(richtext, event.clipboardData));
            if (handled) event.preventDefault();
            return handled;
          },
        },
        transformPastedHTML: (html) => cleaned(richtext, html),
        transformPastedText: (text) => {
          if (text.length > TEXT_LIMIT) richtext.say(WORDS.pasteCut(cutText(text).length, text.length));
          return cutText(text);
        },
        handleDrop: (view, event, slice, moved) => {
          const files = moved ? [] : pictureFiles(event.dataTransfer);
          if (!files.length || !richtext.formats.has('image')) return false;
          const place = view.posAtCoords({ left: event.clientX, top: event.clientY });
          richtext.addPictures(files.map((file) => richtext.pictures.addFile(file)), place?.pos);
          event.preventDefault();
          return true;
        },
      },
    })],
  });
}

/** An address pasted over selected text makes it a link. */
function pasteLink(richtext, data) {
  const text = data?.getData('text/plain') ?? '';
  const { selection } = richtext.editor.state;
  if (!richtext.formats.has('link') || selection.empty || selection.node || !looksLikeAddress(text)) return false;
  return richtext.editor.commands.setMark('link', { href: text.trim() });
}

/** Pictures alone: a screenshot, files, or a picture copied from a page (which comes with a bare `<img>`). */
function pastePictures(richtext, data) {
  const files = pictureFiles(data);
  if (!files.length || !richtext.formats.has('image')) return false;
  const html = data.getData('text/html');
  const { html: text } = html ? clean(html, { formats: new Set(), picture: () => undefined }) : { html: '' };
  if (text || data.getData('text/plain')) return false;
  richtext.addPictures(files.map((file) => richtext.pictures.addFile(file)));
  return true;
}

function pictureFiles(data) {
  return [...(data?.files ?? [])].filter(({ type }) => type.startsWith('image/'));
}

function cleaned(richtext, html) {
  const { formats, site, pictures } = richtext;
  // What was copied in an editor like this one is as plain as it gets, and knows how to join its surroundings.
  const own = html.length < TEXT_LIMIT && /<[^>]+ data-pm-slice="/.test(html.slice(0, 2000));
  if (own && formats.size === FORMATS.length) return html;
  let lost = 0;
  const result = clean(html, {
    formats,
    picture: ({ data, url }) => {
      if (url && site.owns(url)) return null;
      const file = data && fileOf(data);
      if (!url && !file) {
        lost += 1;
        return undefined;
      }
      return ` data-upload="${quoted(file ? pictures.addFile(file) : pictures.addAddress(absolute(url)))}"`;
    },
  });
  const said = [result.cut ? WORDS.pasteCut(result.cut, result.all) : '', lost ? WORDS.pasteLocalPictures(lost) : ''].filter(Boolean);
  if (said.length) richtext.say(said.join(' '));
  return result.html;
}

function absolute(url) {
  return url.startsWith('//') ? `https:${url}` : url;
}

/** The file in a `data:` address; null when it is no picture. */
function fileOf(address) {
  const found = /^data:(image\/[\w.+-]+)((?:;[^;,]+)*),/i.exec(address.slice(0, 200));
  if (!found) return null;
  const body = address.slice(found[0].length);
  const type = found[1].toLowerCase();
  try {
    const text = /;base64/i.test(found[2]) ? atob(body.replace(/\s+/g, '')) : decodeURIComponent(body);
    return new File([Uint8Array.from(text, (character) => character.charCodeAt(0))], `pasted.${type.split('/')[1].replace(/\+.*/, '')}`, { type });
  } catch {
    return null;
  }
}
