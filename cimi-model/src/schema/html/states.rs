//! The states of a type as a diagram: each state is a line, each action an arrow between lines.

use super::text::{description, escape};
use crate::meta::{Lifecycle, Transition};
use crate::schema::words;

/// Between the lines of two states.
const ROW: usize = 30;
/// Above the first line: room for the names of the actions.
const TOP: usize = 44;
/// Of one character of text, about.
const CHARACTER: usize = 8;

/// The diagram, and the same in words.
pub(super) fn section(lifecycle: &Lifecycle, of: &str) -> String {
    let words: String = lifecycle.transitions.iter().map(row).collect();
    let facts: String = words::facts(lifecycle).iter().map(|fact| format!(" {}", description(fact))).collect();
    format!(
        "<h4>States</h4>\n<p class=\"hint\">Each line is a state, dashed if it passes by itself; each arrow is an action: \
         <i class=\"dot\"></i> from where it may be invoked, <i class=\"ring\"></i> through the transient state \
         meanwhile, to the state after it.{facts}</p>\n<div class=\"wide\">{}</div>\n\
         <details class=\"words\"><summary>The same in words</summary><table><thead><tr><th scope=\"col\">Action</th>\
         <th scope=\"col\">From</th><th scope=\"col\">Through</th><th scope=\"col\">To</th>\
         <th scope=\"col\">Where</th></tr></thead>\n<tbody>{words}\
         </tbody></table></details>\n",
        diagram(lifecycle, of)
    )
}

fn row(transition: &Transition) -> String {
    let states = |states: &[&str]| {
        states.iter().map(|state| format!("<code>{}</code>", escape(state))).collect::<Vec<_>>().join(", ")
    };
    let marked = |texts: &[String]| texts.iter().map(|text| description(text)).collect::<Vec<_>>().join(", ");
    format!(
        "<tr><th scope=\"row\">{}</th><td>{}</td><td>{}</td><td>{}</td><td>{}</td></tr>\n",
        escape(transition.action),
        states(transition.from),
        marked(&[words::through(transition)]),
        marked(&[words::to(transition)]),
        marked(&words::conditions(transition)),
    )
}

fn diagram(lifecycle: &Lifecycle, of: &str) -> String {
    let names = lifecycle.states.iter().map(|state| state.name.chars().count()).max().unwrap_or(0);
    let left = names * CHARACTER + 44;
    let mut x = left;
    let mut columns = String::new();
    for transition in lifecycle.transitions {
        let width = (transition.action.chars().count() * CHARACTER + 18).max(64);
        columns.push_str(&column(lifecycle, transition, x + width / 2));
        x += width;
    }
    let (width, height) = (x + 12, TOP + lifecycle.states.len() * ROW);
    let lines: String =
        lifecycle.states.iter().enumerate().map(|(row, state)| line(lifecycle, row, state, left, x)).collect();
    format!(
        "<svg class=\"states\" role=\"img\" width=\"{width}\" height=\"{height}\" viewBox=\"0 0 {width} {height}\" \
         aria-label=\"States of {}, described in words below\">\n{lines}{columns}</svg>\n",
        escape(of)
    )
}

/// The height of a state's line.
fn y(row: usize) -> usize {
    TOP + row * ROW + ROW / 2
}

fn line(lifecycle: &Lifecycle, row: usize, state: &crate::meta::State, left: usize, right: usize) -> String {
    let y = y(row);
    let class = if state.transient { "transient" } else { "lasting" };
    let box_right = left - 16;
    let initial = if lifecycle.initial == Some(state.name) {
        format!("<path class=\"initial\" d=\"M4 {y}h10m-5-4l5 4l-5 4\"/>")
    } else {
        String::new()
    };
    format!(
        "<g class=\"{class}\"><rect x=\"18\" y=\"{}\" width=\"{}\" height=\"22\" rx=\"{}\"/>\
         <text x=\"{}\" y=\"{}\">{}</text><path class=\"lane\" d=\"M{box_right} {y}H{right}\"/>{initial}</g>\n",
        y - 11,
        box_right - 18,
        if state.transient { 11 } else { 3 },
        usize::midpoint(box_right, 18),
        y + 4,
        escape(state.name),
    )
}

/// One action: from its states down or up to the transient one, and from there to the state after it.
fn column(lifecycle: &Lifecycle, transition: &Transition, x: usize) -> String {
    let row = |name: &str| lifecycle.states.iter().position(|state| state.name == name).map(y);
    let from: Vec<usize> = transition.from.iter().filter_map(|state| row(state)).collect();
    let via = transition.via.and_then(row);
    let to = transition.to.and_then(row);
    // With a transient state there are two strokes side by side.
    let (first, second) = if via.is_some() { (x.saturating_sub(8), x + 8) } else { (x, x) };
    let mut out =
        format!("<g class=\"action\"><text x=\"{x}\" y=\"{}\">{}</text>", TOP - 16, escape(transition.action));
    let back = to.is_none();
    match (via, to) {
        (Some(via), to) => {
            out.push_str(&strokes(first, &from, via, false));
            if via_is_apart(&from, via) {
                out.push_str(&format!("<path d=\"M{first} {via}H{second}\"/>"));
            }
            let ends: Vec<usize> = to.map_or_else(|| from.clone(), |to| vec![to]);
            out.push_str(&strokes(second, &ends, via, true));
            out.push_str(&format!("<circle class=\"ring\" cx=\"{x}\" cy=\"{via}\" r=\"4.5\"/>"));
        }
        (None, Some(to)) => out.push_str(&strokes_to(x, &from, to)),
        (None, None) => {}
    }
    for y in &from {
        let loops = if back && via.is_none() {
            format!("<path d=\"M{x} {y}c-4-18 18-18 9-4\"/>{}", arrow(x + 9, y.saturating_sub(2), true))
        } else {
            String::new()
        };
        out.push_str(&format!("{loops}<circle class=\"dot\" cx=\"{first}\" cy=\"{y}\" r=\"4\"/>"));
    }
    out.push_str("</g>\n");
    out
}

fn via_is_apart(from: &[usize], via: usize) -> bool {
    from.iter().any(|y| *y != via)
}

/// A stroke that joins a line with others; with `arrows`, each of the others has the head of an arrow.
fn strokes(x: usize, others: &[usize], line: usize, arrows: bool) -> String {
    let least = others.iter().copied().chain([line]).min().unwrap_or(line);
    let most = others.iter().copied().chain([line]).max().unwrap_or(line);
    let mut out = format!("<path d=\"M{x} {least}V{most}\"/>");
    if arrows {
        let heads = others.iter().filter(|y| **y != line);
        out.extend(heads.map(|y| arrow(x, *y, *y > line)));
    }
    out
}

/// A stroke from several lines to one, which has the head of an arrow on each side that something comes from.
fn strokes_to(x: usize, from: &[usize], to: usize) -> String {
    let mut out = strokes(x, from, to, false);
    for down in [true, false] {
        if from.iter().any(|y| if down { *y < to } else { *y > to }) {
            out.push_str(&arrow(x, to, down));
        }
    }
    out
}

/// The head of an arrow that ends on a line.
fn arrow(x: usize, y: usize, down: bool) -> String {
    let back = if down { -8 } else { 8 };
    format!("<path class=\"head\" d=\"M{x} {y}l-4 {back}h8z\"/>")
}
