//! Never stale: whatever is changed, in whatever order, an answer that is kept is the one that would be
//! built now.
//!
//! `LARDER_STEPS` makes the runs longer, `LARDER_SEED` repeats the one that a failure names, looking at
//! everything after every step.

mod chance;
mod editor;
pub(crate) mod questions;
mod readers;
pub(crate) mod world;

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;

use larder::authoring::Authoring;
use larder::store::Store;

use editor::Editor;
use questions::Named;
use world::World;

/// How many steps there are unless said otherwise.
const STEPS: usize = 100_000;
/// A site that has seen this many steps makes place for a new one.
const EPISODE: usize = 1_000;
/// How many questions are asked on a site.
const ASKED: usize = 24;
/// After how many steps every kept answer is looked at.
const ALL_AFTER: usize = 50;
/// Room for all answers, and for few.
const BUDGETS: [u64; 3] = [16 << 20, 1 << 20, 96 << 10];

fn number_from(name: &str) -> Option<usize> {
    std::env::var(name).ok().map(|text| text.parse().expect("a number"))
}

/// A site whose kept answers are compared with new ones.
struct Trial {
    seed: usize,
    world: World,
    editor: Editor,
    /// Another process on the same folder, and whether anything it did is still to be followed.
    other: Option<Arc<Authoring>>,
    behind: bool,
    asked: Vec<Named>,
    compared: usize,
}

impl Trial {
    fn new(seed: usize, two: bool) -> Self {
        let world = World::new(BUDGETS[seed % BUDGETS.len()]);
        let mut editor = Editor::new(&world, seed as u64);
        let asked = editor.chance.some(&questions::all(&editor.items()), ASKED);
        let other = two.then(|| {
            let store = Arc::new(Store::open(&world.path()).expect("the same site"));
            Arc::new(Authoring::new(store, world::URL))
        });
        Self { seed, world, editor, other, behind: false, asked, compared: 0 }
    }

    fn run(&mut self, steps: usize) {
        let everything = number_from("LARDER_SEED").is_some();
        for step in 0..steps {
            for _ in 0..2 {
                let (_, query) = self.editor.chance.one(&self.asked);
                self.world.ask(query);
            }
            self.step();
            if self.behind {
                continue;
            }
            // Drawn even when everything is looked at, or a repeated run would take another course.
            let one = (step % ALL_AFTER != 0).then(|| self.editor.chance.below(self.asked.len()));
            match one {
                Some(place) if !everything => self.compare(place),
                _ => (0..self.asked.len()).for_each(|place| self.compare(place)),
            }
        }
    }

    fn step(&mut self) {
        let by = match &self.other {
            Some(other) if self.editor.chance.once_in(2) => {
                self.behind = true;
                other.clone()
            }
            _ => self.world.authoring.clone(),
        };
        self.editor.step(&self.world, &by);
        if self.behind && self.editor.chance.once_in(3) {
            self.world.delivery.follow().expect("followed");
            self.behind = false;
        }
    }

    fn compare(&mut self, place: usize) {
        let (name, query) = &self.asked[place];
        let Some((_, kept)) = self.world.delivery.kept(query) else { return };
        self.compared += 1;
        let new = self.world.delivery.answer(query).expect("an answer");
        if (kept.status, kept.body()) == (new.status, new.body()) {
            return;
        }
        let last = self.editor.done.len().saturating_sub(12);
        panic!(
            "LARDER_SEED={} after {} steps\n{}\nstale: {name}\nkept {} {}\nnew  {} {}\nkeys {:?}",
            self.seed,
            self.editor.done.len(),
            self.editor.done[last..].join("\n"),
            kept.status,
            String::from_utf8_lossy(kept.body()),
            new.status,
            String::from_utf8_lossy(new.body()),
            kept.keys(),
        );
    }
}

/// Runs trials on as many threads as there are cores.
fn try_all(steps: usize, two: bool) {
    let began = std::time::Instant::now();
    let first = number_from("LARDER_SEED").unwrap_or(0);
    let trials = if number_from("LARDER_SEED").is_some() { 1 } else { steps.div_ceil(EPISODE) };
    let (next, compared) = (AtomicUsize::new(first), AtomicUsize::new(0));
    let threads = thread::available_parallelism().map_or(2, std::num::NonZero::get);
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed >= first + trials {
                        return;
                    }
                    let mut trial = Trial::new(seed, two);
                    trial.run(EPISODE);
                    compared.fetch_add(trial.compared, Ordering::Relaxed);
                }
            });
        }
    });
    let compared = compared.into_inner();
    eprintln!("{} steps, {compared} comparisons, {:.1} s", trials * EPISODE, began.elapsed().as_secs_f64());
    assert!(compared > trials * EPISODE / 2, "most answers are kept: {compared}");
}

#[test]
fn whatever_is_kept_is_what_would_be_built_now() {
    try_all(number_from("LARDER_STEPS").unwrap_or(STEPS), false);
}

#[test]
fn what_another_process_changes_is_followed() {
    try_all(number_from("LARDER_STEPS").unwrap_or(STEPS) / 5, true);
}
