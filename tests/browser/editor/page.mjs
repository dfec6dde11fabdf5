// The editing screen as the real templates will write it, for the fake server's one type.

const esc = (text) => String(text ?? '').replace(/[&<>"]/g, (c) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' }[c]));

const field = (path, type, label, control, attributes = '') => `<div class="f" data-path="${path}" data-type="${type}"${attributes}><label for="field-${path}">${label}</label>${control}<p class="err" hidden></p></div>`;
const input = (path, label, value, attributes = '') => field(path, 'short_text', label, `<input class="in" id="field-${path}" name="${path}" value="${esc(value)}" ${attributes}>`);
const area = (path, label, value, attributes = '') => field(path, 'long_text', label, `<textarea class="in big" id="field-${path}" name="${path}" ${attributes}>\n${esc(value)}</textarea>`);
const rich = (path, label, value) => field(path, 'wysiwyg', label, `<ld-richtext><textarea class="in" id="field-${path}" name="${path}" data-kind="wysiwyg">\n${esc(value)}</textarea></ld-richtext>`);
const media = (path, label, value) => `<div class="f" data-path="${path}" data-type="media"><div class="l0">${label}</div><ld-image data-path="${path}"><label for="url-${path}">Address</label><input class="in" id="url-${path}" name="${path}.url" value="${esc(value?.url)}"><label for="alt-${path}">Alternative text</label><input class="in" id="alt-${path}" name="${path}.alt" value="${esc(value?.alt)}"></ld-image><p class="err" hidden></p></div>`;

const COMPONENTS = {
  hero: (p, v, lists) => input(`${p}.headline`, 'Headline', v[`${p}.headline`], 'data-max="60"') + area(`${p}.text`, 'Text', v[`${p}.text`]) + media(`${p}.image`, 'Image', v[`${p}.image`])
    + input(`${p}.cta.label`, 'Button text', v[`${p}.cta.label`]) + repeater(`${p}.links`, 'Link', lists[`${p}.links`] ?? [], v),
  quote: (p, v) => area(`${p}.text`, 'Quote', v[`${p}.text`]) + input(`${p}.by`, 'By', v[`${p}.by`]),
};
const item = (p, v) => input(`${p}.label`, 'Label', v[`${p}.label`]) + input(`${p}.url`, 'Address', v[`${p}.url`]);

function repeater(path, name, elements, values, many = false) {
  const card = ({ id }) => {
    const fields = item(`${path}[${id}]`, values);
    const body = many ? `<header><b>${name}</b><span class="sum">${esc(values[`${path}[${id}].label`])}</span></header><template data-body>${fields}</template>` : `<div class="body">${fields}</div>`;
    return `<li class="cmp" data-id="${id}">${body}</li>`;
  };
  return `<ld-blocks data-path="${path}" data-kind="repeater" data-name="${name}" data-max="${many ? 20000 : 4}" data-min="1"><ol>${elements.map(card).join('')}</ol><template data-component=""><li class="cmp"><div class="body">${item(`${path}[__id__]`, {})}</div></li></template></ld-blocks>`;
}

function gallery(path, elements, values) {
  const card = (id) => `<li class="cmp" data-id="${id}"><div class="body">${media(`${path}[${id}].photo`, 'Photo', values[`${path}[${id}].photo`])}</div></li>`;
  return `<ld-blocks data-path="${path}" data-kind="repeater" data-name="Picture" data-max="4"><ol>${elements.map(({ id }) => card(id)).join('')}</ol><template data-component="">${card('__id__')}</template></ld-blocks>`;
}

function picker(path, elements, values, lists) {
  const card = ({ id, component }) => `<li class="cmp" data-id="${id}" data-component="${component}"><div class="body">${COMPONENTS[component](`${path}[${id}]`, values, lists)}</div></li>`;
  const templates = Object.keys(COMPONENTS).map((key) => `<template data-component="${key}"><li class="cmp"><div class="body">${COMPONENTS[key](`${path}[__id__]`, {}, {})}</div></li></template>`);
  const names = [{ key: 'hero', name: 'Hero', help: 'A large opening', icon: 'panel-left' }, { key: 'quote', name: 'Customer quote', help: 'Someone said it well', icon: 'message-square-quote' }];
  return `<ld-blocks data-path="${path}" data-kind="picker" data-max="6"><script type="application/json" data-components>${JSON.stringify(names)}</script><ol>${elements.map(card).join('')}</ol>${templates.join('')}</ld-blocks>`;
}

const option = (value, label, chosen, data = '') => `<option value="${value}"${chosen ? ' selected' : ''} ${data}>${label}</option>`;

/** The form of an entry; `sheet` is the short one. */
export function form({ id, doc, rev, user, type, status, scheduledAt, mayPublish = true, zone = 'Europe/Oslo', sheet = false }) {
  const { values: v, lists } = doc;
  const base = `/admin/c/${type}`;
  const fields = sheet ? input('@title', 'Name', v['@title']) : `
    <div class="f" data-path="@title" data-type="short_text"><input class="h1in" name="@title" aria-label="Page title" value="${esc(v['@title'])}"><p class="err" hidden></p></div>
    ${input('@slug', 'Address', v['@slug'])}
    ${input('subtitle', 'Subtitle', v.subtitle, 'data-max="20" aria-required="true"')}
    ${area('intro', 'Introduction', v.intro)}
    ${input('shop.price', 'Price', v['shop.price'], 'inputmode="decimal"')}
    <div class="f" data-path="featured" data-type="checkbox"><input type="hidden" name="featured" value="false"><label><input type="checkbox" name="featured" value="true"${v.featured ? ' checked' : ''}> Featured</label><p class="err" hidden></p></div>
    ${field('layout', 'dropdown', 'Layout', `<select class="in" id="field-layout" name="layout">${['', 'wide', 'narrow'].map((x) => option(x, x || '(none)', x === (v.layout ?? ''))).join('')}</select>`)}
    ${field('starts', 'date_time', 'Starts', `<input class="in" type="datetime-local" id="field-starts" name="starts" value="${esc(v.starts)}">`)}
    <div class="f" data-path="people" data-type="reference"><div class="l0">People</div><ld-ref data-schema="k.people" data-many><select name="people" multiple aria-label="People">${(v.people ?? []).map((x) => option(x, `Person ${x}`, true, 'data-status="published"')).join('')}</select></ld-ref><p class="err" hidden></p></div>
    <div class="f" data-path="tags" data-type="terms"><div class="l0">Tags</div><ld-terms data-kind="tag"><select name="tags" multiple aria-label="Tags">${option('1', 'Guides', (v.tags ?? []).includes('1'))}${option('2', 'Storage', (v.tags ?? []).includes('2'))}</select></ld-terms><p class="err" hidden></p></div>
    ${rich('story', 'Story', v.story)}
    ${picker('body', lists.body ?? [], v, lists)}
    ${gallery('shots', lists.shots ?? [], v)}
    ${repeater('faq', 'Question', lists.faq ?? [], v, true)}`;
  return `<ld-editor data-entry="${id}" data-type="${type}" data-locale="" data-rev="${rev ?? ''}" data-user="${user.id}" data-user-name="${user.name}" data-save="${id === 'new' ? `${base}/draft` : `${base}/${id}/draft`}" data-base="${id === 'new' ? '' : `${base}/${id}`}"
    data-status="${status}" data-scheduled-at="${scheduledAt ?? ''}" data-may-publish="${mayPublish ? 1 : 0}" data-zone="${zone}" data-follow-slug="${status === 'draft' ? 1 : 0}">
    <form id="${sheet ? 'sheet-entry' : 'entry'}" method="post" action="${base}/${id}/save" autocomplete="off">
    ${sheet ? fields : `<div class="cols"><nav class="pane out" id="outline" aria-label="Page outline" data-outline><h2>Components <span class="n"></span></h2><ul></ul><button class="btn add" type="button">Add component</button></nav>
    <div class="pane ctr"><div class="wrap"><div data-banners></div><div class="stack">${fields}</div></div></div>
    <aside class="rail" aria-label="Page details"><div class="sec"><h2>Page</h2><dl class="kv"><dt>Status</dt><dd data-badge></dd><dt>Published</dt><dd data-kv="published"></dd><dt>Goes live</dt><dd data-kv="goes-live"></dd></dl><div class="live"><span><b>Live version</b></span></div></div><div class="sec"><h2>Ready to publish?</h2><ul class="chk" data-checklist></ul></div></aside></div>`}
    </form></ld-editor>`;
}

/** A whole screen. */
export function screen(about) {
  return `<!doctype html><html lang="en" data-theme="${about.theme ?? 'light'}"${about.dir ? ` dir="${about.dir}"` : ''}><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${esc(about.doc.values['@title'])} · Halden</title>
    <meta name="csrf" content="${about.csrf}"><meta name="icons" content="/admin/assets/x/icons.svg"><link rel="stylesheet" href="/admin/assets/x/app.css"><script type="module" src="/admin/assets/x/app.js"></script><script type="module" src="/admin/assets/x/editor.js"></script></head>
    <body><div class="app slim"><aside class="side" aria-label="Site"><nav class="nav" aria-label="Main"><a href="/admin/away" aria-label="Home"></a></nav><form action="/admin/sign-out" method="post"><button class="btn g sq" aria-label="Sign out">x</button></form></aside>
    <main class="ed" id="main"><header class="top"><div class="crumb"><h1 class="sr">Edit ${esc(about.doc.values['@title'])}</h1><a href="/admin/away">Pages</a> <span data-badge></span></div><span class="saved" data-saveline></span><div class="r"><span class="prs" data-presence></span><button class="btn" type="button" data-action="duplicate">Duplicate</button><button class="btn" type="button" data-action="delete">Delete</button><span class="split" data-publish></span></div></header>
    ${form(about)}</main></div><div class="sr" id="say" role="status"></div><div class="sr" id="say-now" role="alert"></div><ld-toast role="region" aria-label="New messages"></ld-toast></body></html>`;
}
