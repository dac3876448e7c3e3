//! The lossless tree: what is read is written back byte for byte, and a change changes only what it is about.
#![allow(missing_docs, clippy::unwrap_used, clippy::panic, clippy::print_stdout)]

use cimi_ovf::tree::{Editor, Element, Encoding, NewElement, Place, Tree};
use cimi_ovf::{ErrorKind, Limits, ReadOptions};
use proptest::prelude::*;

fn tree(text: &str) -> Tree {
    Tree::read(text.as_bytes(), &ReadOptions::default()).unwrap()
}

fn find<'t>(tree: &'t Tree, name: &str) -> Element<'t> {
    let mut open = vec![tree.root()];
    while let Some(element) = open.pop() {
        if element.name() == name {
            return element;
        }
        open.extend(element.children());
    }
    panic!("no element {name}")
}

/// The document after a change.
fn edited(text: &str, change: impl FnOnce(&Tree, &mut Editor<'_>)) -> String {
    let tree = tree(text);
    let mut editor = Editor::new(&tree);
    change(&tree, &mut editor);
    let out = editor.finish().unwrap();
    Tree::read(out.as_bytes(), &ReadOptions::strict()).unwrap();
    out
}

const EVERYTHING: &str = "<?xml version='1.0' encoding=\"UTF-8\" standalone='yes'?>\r\n<!-- before --><?a pi?>\n\
    <p:a xmlns:p = 'urn:p' xmlns=\"urn:d\"\n\tp:x=\"1 &amp; 2\"   y='a\"b' >\r\n text &lt;&#x41;<![CDATA[<&]]>\r\n\
    <!-- in --><b/><b></b ><c\txmlns='' z=''\n/><?pi in?></p:a >\n<!-- after -->\n";

#[test]
fn everything_is_kept() {
    let tree = tree(EVERYTHING);
    assert_eq!(tree.text(), EVERYTHING);
    assert_eq!(tree.to_vec(), EVERYTHING.as_bytes());
    assert_eq!(Editor::new(&tree).finish().unwrap(), EVERYTHING);
    assert!(tree.deviations().is_empty());
}

#[test]
fn everything_is_understood() {
    let tree = tree(EVERYTHING);
    let root = tree.root();
    assert_eq!((root.prefix(), root.name(), root.namespace()), ("p", "a", "urn:p"));
    let attributes: Vec<_> = root.attributes().map(|a| (a.prefix(), a.name(), a.namespace(), a.value())).collect();
    assert_eq!(attributes, [("p", "x", "urn:p", "1 & 2".into()), ("", "y", "", "a\"b".into())]);
    assert_eq!(root.text(), "\n text <A<&\n");
    let children: Vec<_> = root.children().map(|c| (c.name(), c.namespace(), c.source())).collect();
    assert_eq!(children, [("b", "urn:d", "<b/>"), ("b", "urn:d", "<b></b >"), ("c", "", "<c\txmlns='' z=''\n/>")]);
    assert_eq!(root.children().nth(1).unwrap().path(), "/a/b[1]");
    assert_eq!(root.location().to_string(), "line 3, column 1");
    assert!(root.parent().is_none() && find(&tree, "c").parent() == Some(root));
    assert_eq!(root.attribute("urn:p", "x").unwrap().value(), "1 & 2");
    assert!(root.attribute("", "x").is_none());
}

#[test]
fn debug_output_shows_no_values() {
    let tree = tree("<a password='s3cret'><b>s3cret</b></a>");
    let mut editor = Editor::new(&tree);
    editor.set_text(tree.root().id(), "s3cret");
    let new = NewElement::new("", "c").attribute("", "d", "s3cret").text("s3cret");
    let attributes: Vec<_> = tree.root().attributes().collect();
    let shown = format!("{tree:?} {editor:?} {new:?} {:?} {attributes:?}", tree.root());
    assert!(!shown.contains("s3cret"), "{shown}");
}

#[test]
fn encodings() {
    let text = "<?xml version=\"1.0\" encoding=\"utf-16\"?><a b=\"ä\">名前😀</a>";
    let utf_16 =
        |order: fn(u16) -> [u8; 2]| format!("\u{FEFF}{text}").encode_utf16().flat_map(order).collect::<Vec<u8>>();
    for (bytes, encoding) in
        [(utf_16(u16::to_le_bytes), Encoding::Utf16Le), (utf_16(u16::to_be_bytes), Encoding::Utf16Be)]
    {
        let tree = Tree::read(&bytes, &ReadOptions::strict()).unwrap();
        assert_eq!((tree.text(), tree.encoding()), (text, encoding));
        assert_eq!(tree.to_vec(), bytes);
        let mut editor = Editor::new(&tree);
        editor.set_attribute(tree.root().id(), "", "b", "ö");
        let changed = Tree::read(&editor.to_vec().unwrap(), &ReadOptions::strict()).unwrap();
        assert_eq!(changed.text(), text.replace('ä', "ö"));
        assert!(Tree::read(bytes.split_last().unwrap().1, &ReadOptions::default()).is_err());
    }
    let marked = [b"\xEF\xBB\xBF", "<a>ä</a>".as_bytes()].concat();
    assert_eq!(Tree::read(&marked, &ReadOptions::strict()).unwrap().to_vec(), marked);
    // The habit of .NET: a label of the string, not of the file.
    let tree = Tree::read(text.as_bytes(), &ReadOptions::default()).unwrap();
    let [deviation] = tree.deviations() else { panic!("one deviation") };
    assert_eq!(deviation.to_string(), "/: the XML declaration says 'utf-16', and the text is UTF-8");
    assert_eq!(tree.to_vec(), text.as_bytes());
    assert!(Tree::read(text.as_bytes(), &ReadOptions::strict()).is_err());
    assert!(Tree::read(b"<?xml version='1.0' encoding='latin-9'?><a/>", &ReadOptions::default()).is_err());
    assert!(Tree::read(b"<a>\xE4</a>", &ReadOptions::default()).is_err());
}

#[test]
fn what_is_not_well_formed_is_refused() {
    for (text, kind) in [
        ("", ErrorKind::Syntax),
        ("<a>", ErrorKind::Syntax),
        ("<a></b>", ErrorKind::Syntax),
        ("<a/><b/>", ErrorKind::Syntax),
        ("<a/>x", ErrorKind::Syntax),
        ("x<a/>", ErrorKind::Syntax),
        ("&amp;<a/>", ErrorKind::Syntax),
        (" <?xml version='1.0'?><a/>", ErrorKind::Syntax),
        ("<?xml encoding='UTF-8'?><a/>", ErrorKind::Syntax),
        ("<?xml version='1.0'encoding='UTF-8'?><a/>", ErrorKind::Syntax),
        ("<!DOCTYPE a><a/>", ErrorKind::Syntax),
        ("<a b='1'c='2'/>", ErrorKind::Syntax),
        ("<a b=1/>", ErrorKind::Syntax),
        ("<a b/>", ErrorKind::Syntax),
        ("<a b='<'/>", ErrorKind::Syntax),
        ("<a b='&x;'/>", ErrorKind::Syntax),
        ("<a b='&#0;'/>", ErrorKind::Syntax),
        ("<a b='1' b='2'/>", ErrorKind::Duplicate),
        ("<a xmlns:p='u' xmlns:q='u' p:b='1' q:b='2'/>", ErrorKind::Duplicate),
        ("<p:a/>", ErrorKind::Syntax),
        ("<a p:b=''/>", ErrorKind::Syntax),
        ("<a><b xmlns:p='u'/><p:c/></a>", ErrorKind::Syntax),
        ("<a xmlns:p=''/>", ErrorKind::Syntax),
        ("<a xmlns:xml='u'/>", ErrorKind::Syntax),
        ("<a xmlns='http://www.w3.org/2000/xmlns/'/>", ErrorKind::Syntax),
        ("<1a/>", ErrorKind::Syntax),
        ("<a:b:c xmlns:a='u'/>", ErrorKind::Syntax),
        ("<a>&x;</a>", ErrorKind::Syntax),
        ("<a>&#xD800;</a>", ErrorKind::Syntax),
        ("<a>\u{1}</a>", ErrorKind::Syntax),
        ("<a>]]></a>", ErrorKind::Syntax),
        ("<a><!-- -- --></a>", ErrorKind::Syntax),
        ("<a><?xml x?></a>", ErrorKind::Syntax),
        ("<a><![CDATA[</a>", ErrorKind::Syntax),
    ] {
        let error = Tree::read(text.as_bytes(), &ReadOptions::default()).expect_err(text);
        assert_eq!(error.kind(), kind, "{text}: {error}");
        assert!(error.location().is_some() && !error.to_string().contains('\n'), "{text}: {error}");
    }
}

#[test]
fn limits() {
    let read = |text: &str, limits: Limits| {
        let mut options = ReadOptions::default();
        options.limits = limits;
        Tree::read(text.as_bytes(), &options).map_err(|error| error.kind())
    };
    let defaults = ReadOptions::default().limits;
    let deep = |n: usize| "<a>".repeat(n) + &"</a>".repeat(n);
    assert!(read(&deep(60), defaults).is_ok());
    assert!(matches!(read(&deep(100_000), Limits { depth: usize::MAX, ..defaults }), Err(ErrorKind::Limit)));
    assert!(matches!(read("<a/>", Limits { size: 3, ..defaults }), Err(ErrorKind::Limit)));
    assert!(matches!(read("<a><b/><b/></a>", Limits { elements: 2, ..defaults }), Err(ErrorKind::Limit)));
    assert!(matches!(read("<a b='' c=''/>", Limits { attributes: 1, ..defaults }), Err(ErrorKind::Limit)));
    assert!(matches!(read("<abc/>", Limits { name: 2, ..defaults }), Err(ErrorKind::Limit)));
    let declarations: Vec<_> = (0..300).map(|i| format!(" xmlns:a{i}='u'")).collect();
    let declarations = declarations.concat();
    assert!(matches!(read(&format!("<a{declarations}/>"), defaults), Err(ErrorKind::Limit)));
}

#[test]
fn undeclared_prefixes_are_tolerated_when_asked() {
    let mut options = ReadOptions::default();
    options.undeclared_prefixes = true;
    let text = "<a><vmw:b vmw:c='1'/></a>";
    let tree = Tree::read(text.as_bytes(), &options).unwrap();
    assert_eq!(find(&tree, "b").namespace(), "undeclared:vmw");
    assert_eq!(tree.deviations().len(), 2);
    assert_eq!(tree.to_vec(), text.as_bytes());
    // They are not declared in passing.
    let ovf = "http://schemas.dmtf.org/ovf/envelope/1";
    let tree = Tree::read(b"<a ovf:b='1'/>", &options).unwrap();
    let mut editor = Editor::new(&tree);
    editor.set_attribute(tree.root().id(), ovf, "b", "2");
    assert_eq!(editor.finish().unwrap(), format!("<a ovf:b='1' xmlns:ovf1=\"{ovf}\" ovf1:b=\"2\"/>"));
}

#[test]
fn attributes_change_alone() {
    let text = "<a xmlns:p='u' p:b = '1'\n  c=\"2\"><d/></a>";
    let change = |f: &dyn Fn(&mut Editor<'_>, Element<'_>)| edited(text, |tree, editor| f(editor, tree.root()));
    assert_eq!(
        change(&|e, a| e.set_attribute(a.id(), "u", "b", "it's\n<\"1\">")),
        text.replace("'1'", "'it&apos;s&#10;&lt;\"1\"&gt;'")
    );
    assert_eq!(change(&|e, a| e.set_attribute(a.id(), "", "c", "\"\t")), text.replace("\"2\"", "\"&quot;&#9;\""));
    assert_eq!(change(&|e, a| e.remove_attribute(a.id(), "u", "b")), text.replace(" p:b = '1'", ""));
    assert_eq!(change(&|e, a| e.remove_attribute(a.id(), "", "c")), text.replace("\n  c=\"2\"", ""));
    assert_eq!(change(&|e, a| e.remove_attribute(a.id(), "", "b")), text);
    assert_eq!(change(&|e, a| e.set_attribute(a.id(), "u", "e", "")), text.replace("\"2\"", "\"2\" p:e=\"\""));
    let two = |e: &mut Editor<'_>, a: Element<'_>| {
        e.set_attribute(a.children().next().unwrap().id(), "v", "x", "1");
        e.set_attribute(a.children().next().unwrap().id(), "v", "y", "2");
    };
    assert_eq!(change(&two), text.replace("<d/>", "<d xmlns:ns=\"v\" ns:x=\"1\" ns:y=\"2\"/>"));
    let xsi = "http://www.w3.org/2001/XMLSchema-instance";
    let out = change(&|e, a| e.set_attribute(a.children().next().unwrap().id(), xsi, "nil", "true"));
    assert!(out.contains(&format!("<d xmlns:xsi=\"{xsi}\" xsi:nil=\"true\"/>")), "{out}");
}

#[test]
fn texts_change_alone() {
    assert_eq!(edited("<a><b/></a>", |t, e| e.set_text(find(t, "b").id(), "x")), "<a><b>x</b></a>");
    assert_eq!(
        edited("<a><b c='1' /></a>", |t, e| e.set_text(find(t, "b").id(), "]]>&")),
        "<a><b c='1' >]]&gt;&amp;</b></a>"
    );
    assert_eq!(edited("<a><b>1</b ></a>", |t, e| e.set_text(find(t, "b").id(), "")), "<a><b></b ></a>");
    let tree = tree("<a/>");
    let mut editor = Editor::new(&tree);
    editor.set_text(tree.root().id(), "\0");
    let error = editor.finish().unwrap_err();
    assert_eq!((error.kind(), error.path()), (ErrorKind::Write, "/a"));
}

#[test]
fn elements_come_and_go() {
    let text = "<a>\n  <b/>\n  <!-- c -->\n  <c>\n    <d/>\n  </c>\n</a>\n";
    let new = || NewElement::new("", "n");
    assert_eq!(edited(text, |t, e| e.remove(find(t, "b").id())), text.replace("\n  <b/>", ""));
    assert_eq!(edited(text, |t, e| e.remove(find(t, "d").id())), text.replace("\n    <d/>", ""));
    let insert = |place: &dyn Fn(&Tree) -> Place| edited(text, |t, e| e.insert(t.root().id(), place(t), new()));
    assert_eq!(insert(&|_| Place::First), text.replace("\n  <b/>", "\n  <n/>\n  <b/>"));
    assert_eq!(insert(&|_| Place::Last), text.replace("</c>", "</c>\n  <n/>"));
    assert_eq!(insert(&|t| Place::After(find(t, "b").id())), text.replace("<b/>", "<b/>\n  <n/>"));
    assert_eq!(insert(&|t| Place::Before(find(t, "c").id())), text.replace("\n  <c>", "\n  <n/>\n  <c>"));
    let nested = edited(text, |t, e| e.insert(find(t, "d").id(), Place::Last, new().child(new().text("x"))));
    assert_eq!(nested, text.replace("<d/>", "<d>\n      <n>\n        <n>x</n>\n      </n>\n    </d>"));
    let replaced = edited(text, |t, e| {
        e.insert(t.root().id(), Place::Before(find(t, "b").id()), new());
        e.insert(t.root().id(), Place::After(find(t, "b").id()), NewElement::new("", "m"));
        e.set_attribute(find(t, "b").id(), "", "x", "1");
        e.remove(find(t, "b").id());
    });
    assert_eq!(replaced, text.replace("<b/>", "<n/>\n  <m/>"));
    assert_eq!(edited("<a><b/></a>", |t, e| e.insert(t.root().id(), Place::Last, new())), "<a><b/><n/></a>");
    assert_eq!(edited("<a/>", |t, e| e.insert(t.root().id(), Place::Last, new())), "<a>\n  <n/>\n</a>");
    let tree = tree(text);
    let mut editor = Editor::new(&tree);
    editor.remove(tree.root().id());
    assert!(editor.finish().is_err());
}

#[test]
fn prefixes_are_reused_or_declared() {
    let text = "<o:a xmlns:o='urn:o' xmlns='urn:d'><o:b/><c xmlns:q='urn:q'/></o:a>";
    let insert =
        |into: &str, new: NewElement| edited(text, |t, e| e.insert(find(t, into).id(), Place::Last, new.clone()));
    assert!(insert("a", NewElement::new("urn:o", "n")).contains("<o:n/>"));
    assert!(insert("a", NewElement::new("urn:d", "n")).contains("<n/>"));
    assert!(insert("c", NewElement::new("urn:q", "n").attribute("urn:o", "x", "1")).contains("<q:n o:x=\"1\"/>"));
    // The default namespace is of no use for attributes.
    assert!(
        insert("a", NewElement::new("", "n").attribute("urn:d", "x", "1"))
            .contains("<n xmlns=\"\" xmlns:ns=\"urn:d\" ns:x=\"1\"/>")
    );
    let nested =
        NewElement::new("urn:z", "n").child(NewElement::new("urn:z", "m").child(NewElement::new("urn:y", "l")));
    assert!(insert("a", nested).contains("<ns:n xmlns:ns=\"urn:z\"><ns:m><ns1:l xmlns:ns1=\"urn:y\"/></ns:m></ns:n>"));
    // A prefix that means something else inside is not taken.
    let hidden = "<p:a xmlns:p='urn:p'><b xmlns:p='urn:other'/></p:a>";
    let out = edited(hidden, |t, e| e.insert(find(t, "b").id(), Place::Last, NewElement::new("urn:p", "n")));
    assert!(out.contains("<ns:n xmlns:ns=\"urn:p\"/>"), "{out}");
}

#[test]
fn elements_of_other_trees_are_left_alone() {
    let (one, other) = (tree("<a/>"), tree("<b/>"));
    assert!(one.element(other.root().id()).is_none());
    let mut editor = Editor::new(&one);
    editor.set_text(other.root().id(), "x");
    editor.remove(other.root().id());
    assert!(editor.is_empty());
}

proptest! {
    /// Any text survives as an attribute and between tags.
    #[test]
    fn values_survive(value in any::<String>(), quote in prop_oneof![Just('\''), Just('"')]) {
        let legal = value.chars().all(|c| matches!(c, '\t' | '\n' | '\r' | '\u{20}'..='\u{FFFD}' | '\u{10000}'..));
        let tree = tree(&format!("<a b={quote}{quote}/>"));
        let mut editor = Editor::new(&tree);
        editor.set_attribute(tree.root().id(), "", "b", &value);
        editor.set_attribute(tree.root().id(), "", "c", &value);
        editor.set_text(tree.root().id(), &value);
        match editor.finish() {
            Ok(text) => {
                let read = Tree::read(text.as_bytes(), &ReadOptions::strict()).unwrap();
                prop_assert_eq!(read.root().text(), value.as_str());
                for attribute in read.root().attributes() {
                    prop_assert_eq!(attribute.value(), value.as_str());
                }
            }
            Err(_) => prop_assert!(!legal),
        }
    }

    /// Whatever bytes come, there is a tree that gives them back, or an error.
    #[test]
    fn bytes(text in "[<>/a='\"& ;#x!\\[\\]?\\-:]{0,40}") {
        if let Ok(tree) = Tree::read(text.as_bytes(), &ReadOptions::default()) {
            prop_assert_eq!(tree.to_vec(), text.as_bytes());
        }
    }
}
