//! Secrets of requests, hidden before a report is shown or mailed.

use super::{AttackerRow, Example, Report};

/// Hides what is secret in a text.
type Hide<'h> = &'h dyn Fn(&str) -> String;

impl Report {
    /// Passes every text that a client wrote through `hide`: targets, excerpts, user agents and lines that are no
    /// requests. Counts stay as they are.
    pub fn hide(&mut self, hide: Hide<'_>) {
        for row in &mut self.classes {
            row.example.iter_mut().for_each(|example| in_example(example, hide));
        }
        for row in &mut self.successes {
            in_text(&mut row.endpoint, hide);
            in_example(&mut row.example, hide);
        }
        for row in &mut self.attackers {
            in_attacker(row, hide);
        }
        for row in &mut self.targets {
            in_text(&mut row.endpoint, hide);
        }
        for row in &mut self.slowest {
            in_text(&mut row.endpoint, hide);
        }
        for sample in &mut self.unreadable.samples {
            in_text(&mut sample.text, hide);
            in_text(&mut sample.reason, hide);
        }
        for problem in &mut self.input.problems {
            in_text(&mut problem.reason, hide);
        }
    }
}

fn in_attacker(row: &mut AttackerRow, hide: Hide<'_>) {
    row.agent.iter_mut().for_each(|agent| in_text(agent, hide));
    row.examples.iter_mut().for_each(|example| in_example(example, hide));
}

fn in_example(example: &mut Example, hide: Hide<'_>) {
    in_text(&mut example.target, hide);
    in_text(&mut example.details, hide);
    example.payload.iter_mut().for_each(|payload| in_text(payload, hide));
}

fn in_text(text: &mut String, hide: Hide<'_>) {
    *text = hide(text);
}
