//! Templates: what a request leads to, where the provider has some templates stored.

use cimi_model::meta::Type;
use cimi_model::reflect::Record;
use cimi_model::template::{Bounds, Expander, Plan};
use cimi_model::{Document, Error, ErrorKind, Format, ReadOptions, Registry, Uri};

use crate::documents::{all_options, text};

/// Each line of the input is a JSON document: the first is the request, line 2 is stored as `2`, and so on.
///
/// # Panics
/// When a plan has an order that it cannot be carried out in, another one the second time, or resources that cannot be
/// written.
pub fn template(input: &[u8]) {
    thread_local!(static REGISTRY: Registry = Registry::standard());
    REGISTRY.with(|registry| {
        let read = |line: &[u8]| Document::read(line, registry, &ReadOptions::default()).ok().map(|read| read.value);
        let stored: Vec<Option<Document>> = input.split(|byte| *byte == b'\n').take(16).map(read).collect();
        let Some(Some(request)) = stored.first() else { return };
        let resolve = |href: &Uri, _: &'static Type| -> cimi_model::Result<Box<dyn Record>> {
            let line = href.as_str().parse::<usize>().ok().and_then(|number| number.checked_sub(1));
            let found = line.and_then(|line| stored.get(line)?.as_ref());
            let document = found.ok_or_else(|| Error::new(ErrorKind::Value, "there is no such template"))?;
            Ok(document.record().boxed_clone())
        };
        let bounds = Bounds { steps: 500, references: 500, ..Bounds::default() };
        let expander = Expander::new(registry, &resolve).bounds(bounds);
        match expander.instantiate(request.record()) {
            Ok(plan) => {
                check(&plan);
                let again = expander.instantiate(request.record()).expect("it was possible before");
                assert_eq!(plan.order(), again.order());
            }
            Err(problems) => {
                for problem in problems.as_slice() {
                    assert!(problem.path.starts_with('/') && !problem.text.contains('\n'), "{problem}");
                }
            }
        }
    });
}

fn check(plan: &Plan) {
    let mut plan = plan.clone();
    let mut is_made = vec![false; plan.steps().len()];
    for step in plan.order().to_vec() {
        let found = &plan.steps()[step];
        assert!(found.after.iter().all(|&before| is_made[before]), "a step comes before one that it needs");
        assert!(!std::mem::replace(&mut is_made[step], true), "a step comes twice");
        if let Ok(resource) = plan.resource(step) {
            for options in all_options().step_by(2) {
                let _ = (text(&*resource, Format::Json, options), text(&*resource, Format::Xml, options));
            }
        }
        let _ = plan.template(step);
        plan.assign(step, format!("resources/{step}"));
    }
    assert!(is_made.iter().all(|made| *made), "a step is not in the order");
    for (step, _) in plan.steps().iter().enumerate() {
        assert!(plan.resource(step).is_ok() && plan.template(step).is_ok(), "all that a step refers to has been made");
    }
    let _ = plan.finish(&|step, attribute| Uri::from(format!("resources/{step}/{}", attribute.name)));
}
