//! As much of a browser as the dashboards' tests need: it opens pages, follows links,
//! and sends forms as they stand there, with their hidden fields and only those choices
//! and fields that they have.

use hyper::{Request, header};

use super::{Bench, Reply};

/// A page that was opened.
#[derive(Debug)]
pub(crate) struct Page {
    pub(crate) path: String,
    pub(crate) status: u16,
    pub(crate) text: String,
}

impl Bench {
    /// Opens a page, and the one that it leads to.
    pub(crate) async fn open(&self, path: &str) -> Page {
        self.browse(path.to_owned(), None).await
    }

    /// Clicks on a link.
    pub(crate) async fn follow(&self, page: &Page, id: &str) -> Page {
        self.open(&page.attribute(id, "href")).await
    }

    /// Fills in the form around a button and clicks on it.
    pub(crate) async fn submit(&self, page: &Page, button: &str, typed: &[(&str, &str)]) -> Page {
        let form = page.form_around(button);
        let action = unescaped(attribute(&form, "action"));
        let mut fields: Vec<(String, String)> = Vec::new();
        for input in form.split('<').filter(|tag| tag.contains("type=\"hidden\"")) {
            fields.push((attribute(input, "name").into(), unescaped(attribute(input, "value"))));
        }
        for (name, value) in typed {
            assert!(form.contains(&format!("name=\"{name}\"")), "no field {name} in {form}");
            fields.push(((*name).to_owned(), (*value).to_owned()));
        }
        let body = fields
            .iter()
            .map(|(name, value)| format!("{}={}", encoded(name), encoded(value)))
            .collect::<Vec<_>>()
            .join("&");
        if form.contains("method=\"get\"") {
            return self.open(&format!("{action}?{body}")).await;
        }
        self.browse(action, Some(body)).await
    }

    /// One request as a browser makes it.
    pub(crate) async fn visit(&self, path: &str, body: Option<String>) -> Reply {
        let mut request = Request::builder().uri(path).header(header::HOST, self.host());
        if body.is_some() {
            request = request
                .method("POST")
                .header(header::ORIGIN, format!("http://{}", self.host()))
                .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded");
        }
        self.exchange(request.body(body.unwrap_or_default()).unwrap()).await.unwrap()
    }

    async fn browse(&self, mut path: String, mut body: Option<String>) -> Page {
        for _ in 0..3 {
            let reply = self.visit(&path, body.take()).await;
            match reply.headers.get(header::LOCATION) {
                Some(place) if reply.status == 303 => place.to_str().unwrap().clone_into(&mut path),
                _ => {
                    let text = String::from_utf8(reply.body).unwrap();
                    return Page { path, status: reply.status, text };
                }
            }
        }
        panic!("{path} leads in a circle");
    }
}

impl Page {
    /// Whether something of this `data-testid` is there.
    pub(crate) fn has(&self, id: &str) -> bool {
        self.text.contains(&format!("data-testid=\"{id}\""))
    }

    /// What stands in the first element of this `data-testid`, without tags in it.
    #[track_caller]
    pub(crate) fn shown(&self, id: &str) -> String {
        let (_, rest) = self.at(id);
        let (_, inner) = rest.split_once('>').unwrap();
        unescaped(inner.split_once('<').unwrap().0)
    }

    /// The value of a new key.
    #[track_caller]
    pub(crate) fn value(&self) -> String {
        assert_eq!(self.status, 201, "{}", self.text);
        self.shown("new-key-value")
    }

    /// Every row of the list: the key's name and its state.
    pub(crate) fn rows(&self) -> Vec<(String, String)> {
        let rows = self.text.split("data-testid=\"key-row\"").skip(1);
        rows.map(|row| {
            (unescaped(attribute(row, "data-name")), attribute(row, "data-state").into())
        })
        .collect()
    }

    fn at(&self, id: &str) -> (&str, &str) {
        let mark = format!("data-testid=\"{id}\"");
        self.text.split_once(&mark).unwrap_or_else(|| panic!("no {id} in {}", self.text))
    }

    /// An attribute of the element of this `data-testid`.
    pub(crate) fn attribute(&self, id: &str, name: &str) -> String {
        let (_, rest) = self.at(id);
        unescaped(attribute(rest, name))
    }

    /// From the `<form` before an element to the form's end.
    fn form_around(&self, id: &str) -> String {
        let (before, after) = self.at(id);
        let (_, head) = before.rsplit_once("<form").unwrap();
        assert!(!head.contains("</form>"), "{id} is in no form");
        format!("{head}data-testid=\"{id}\"{}", after.split_once("</form>").unwrap().0)
    }
}

/// The first attribute of this name in a piece of HTML.
fn attribute<'a>(html: &'a str, name: &str) -> &'a str {
    let (_, rest) = html.split_once(&format!("{name}=\"")).unwrap_or(("", "\""));
    rest.split_once('"').map_or("", |(value, _)| value)
}

fn unescaped(html: &str) -> String {
    html.replace("&lt;", "<").replace("&gt;", ">").replace("&quot;", "\"").replace("&amp;", "&")
}

/// As a form encodes it.
pub(crate) fn encoded(text: &str) -> String {
    text.bytes()
        .map(|byte| match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
            _ => format!("%{byte:02X}"),
        })
        .collect()
}
