//! How the processing of a call's recording is asked for.

use frontdesk_core::status::{ProcessingStage, ProcessingState};
use serde::Serialize;
use utoipa::ToSchema;

/// How far the processing of a call task's recording has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, ToSchema)]
#[schema(as = CallTaskProcessing)]
pub struct Processing {
    /// Whether it waits, runs, or how it ended.
    pub state: ProcessingState,
    /// The step it stands at; null where nothing was ever processed.
    #[schema(required)]
    pub stage: Option<ProcessingStage>,
    /// How often this run was begun; 0 while it waits for the first time.
    pub attempt: i64,
    /// The number of the run, from 1, one more with every request; 0 where nothing was ever processed.
    pub version: i64,
}

/// What a task has that can be processed. A blank text is none.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Material {
    pub recording: bool,
    pub transcription: bool,
}

impl Material {
    pub(super) fn of(recording_url: Option<&str>, transcription: Option<&str>) -> Self {
        Self { recording: recording_url.is_some(), transcription: filled(transcription) }
    }

    /// The stage a run begins with when `asked` is asked for, or all stages; none where there is nothing to work on.
    fn first_stage(self, asked: Option<ProcessingStage>) -> Option<ProcessingStage> {
        match asked {
            None | Some(ProcessingStage::Transcription) if self.recording => Some(ProcessingStage::Transcription),
            None if self.transcription => Some(ProcessingStage::Summary),
            Some(ProcessingStage::Transcription) | None => None,
            Some(summary) => Some(summary).filter(|_| self.transcription),
        }
    }
}

impl Processing {
    /// What a new task needs: the text of its recording, or the summary of its text, or nothing.
    pub(super) fn of_new(material: Material, call_summary: Option<&str>) -> Self {
        let needed = match material {
            Material { transcription: true, .. } if filled(call_summary) => None,
            Material { transcription: true, .. } => Some(ProcessingStage::Summary),
            Material { recording: true, .. } => Some(ProcessingStage::Transcription),
            Material { .. } => None,
        };
        needed.map_or_else(Self::default, |stage| Self::default().queued(stage))
    }

    /// The processing after an edit: what a new task with these texts needs is queued where the edit gave it something new to
    /// work on, unless something waits or runs already.
    pub(super) fn edited(self, material: Material, call_summary: Option<&str>, new: Material) -> Self {
        let needed = Self::of_new(material, call_summary).stage;
        let given = match needed {
            Some(ProcessingStage::Transcription) => new.recording,
            Some(_) => new.transcription,
            None => false,
        };
        if given { self.requested(material, needed) } else { self }
    }

    /// The processing after a request to do it again: unchanged where it waits or runs, or there is nothing to work on.
    pub(super) fn requested(self, material: Material, stage: Option<ProcessingStage>) -> Self {
        let busy = matches!(self.state, ProcessingState::Queued | ProcessingState::Running);
        match material.first_stage(stage) {
            Some(stage) if !busy => self.queued(stage),
            _ => self,
        }
    }

    fn queued(self, stage: ProcessingStage) -> Self {
        Self { state: ProcessingState::Queued, stage: Some(stage), attempt: 0, version: self.version + 1 }
    }
}

fn filled(text: Option<&str>) -> bool {
    text.is_some_and(|text| !text.trim().is_empty())
}

#[cfg(test)]
mod tests {
    use super::*;
    use ProcessingStage::{Summary, Transcription};

    fn material(recording: bool, transcription: bool) -> Material {
        Material { recording, transcription }
    }

    #[test]
    fn new_tasks_are_queued_for_what_they_lack() {
        for (recording, transcription, summary, stage) in [
            (false, false, None, None),
            (true, false, None, Some(Transcription)),
            (true, false, Some("sum"), Some(Transcription)),
            (true, true, None, Some(Summary)),
            (false, true, Some(" "), Some(Summary)),
            (true, true, Some("sum"), None),
        ] {
            let processing = Processing::of_new(material(recording, transcription), summary);
            let (state, version) = if stage.is_some() { (ProcessingState::Queued, 1) } else { (ProcessingState::None, 0) };
            assert_eq!(processing, Processing { state, stage, attempt: 0, version }, "{recording} {transcription} {summary:?}");
        }
    }

    #[test]
    fn requests_again() {
        let failed = Processing { state: ProcessingState::Failed, stage: Some(Summary), attempt: 2, version: 3 };
        for (recording, transcription, asked, stage) in [
            (true, true, None, Some(Transcription)),
            (false, true, None, Some(Summary)),
            (true, true, Some(Summary), Some(Summary)),
            (true, false, Some(Summary), None),
            (false, true, Some(Transcription), None),
            (false, false, None, None),
        ] {
            let next = failed.requested(material(recording, transcription), asked);
            let queued = Processing { state: ProcessingState::Queued, stage, attempt: 0, version: 4 };
            assert_eq!(next, if stage.is_some() { queued } else { failed }, "{recording} {transcription} {asked:?}");
        }
        for state in [ProcessingState::Queued, ProcessingState::Running] {
            let busy = Processing { state, ..failed };
            assert_eq!(busy.requested(material(true, true), None), busy);
        }
    }

    #[test]
    fn edits_queue_what_they_give_work_to() {
        let ended = Processing { state: ProcessingState::Succeeded, stage: Some(Summary), attempt: 1, version: 3 };
        let (nothing, recording, transcription) = (material(false, false), material(true, false), material(false, true));
        for (has, summary, new, stage) in [
            (recording, None, recording, Some(Transcription)),
            (recording, None, nothing, None),
            (material(true, true), None, transcription, Some(Summary)),
            (material(true, true), None, recording, None),
            (material(true, true), Some("sum"), material(true, true), None),
            (nothing, None, nothing, None),
        ] {
            let queued = Processing { state: ProcessingState::Queued, stage, attempt: 0, version: 4 };
            assert_eq!(ended.edited(has, summary, new), if stage.is_some() { queued } else { ended }, "{has:?} {summary:?} {new:?}");
        }
        let busy = Processing { state: ProcessingState::Running, ..ended };
        assert_eq!(busy.edited(transcription, None, transcription), busy);
    }

    #[test]
    fn a_blank_text_is_none() {
        assert!(!Material::of(None, Some(" \n")).transcription);
        assert!(Material::of(Some("https://r.example/1"), Some("a")).recording);
    }
}
