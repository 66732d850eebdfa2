import DOMPurify from "dompurify";
import { Marked } from "marked";

// Text only: no links, images, attributes or raw HTML leave this file. A link
// shows where it points, since nothing in this window opens it.
const marked = new Marked({
  gfm: true,
  breaks: true,
  async: false,
  renderer: {
    html: ({ text }) => escape(text),
    image: ({ text }) => escape(text),
    link({ href, tokens }) {
      const label = this.parser.parseInline(tokens);
      return label === escape(href) ? label : `${label} (<code>${escape(href)}</code>)`;
    },
  },
});

const TAGS = [
  ..."p br hr strong em del code pre blockquote ul ol li".split(" "),
  ..."h1 h2 h3 h4 h5 h6 table thead tbody tr th td".split(" "),
];

function escape(text: string): string {
  return text
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}

/** Markdown as HTML that holds nothing but formatting. */
export function render(markdown: string): string {
  const html = marked.parse(markdown) as string;
  return DOMPurify.sanitize(html, { ALLOWED_TAGS: TAGS, ALLOWED_ATTR: [], ALLOW_DATA_ATTR: false });
}
