//! What the parts promise about the HTML they write: escaping, and what assistive technology is told.
#![cfg(feature = "ssr")]

use app::{
    components::*,
    icons::IconName,
    islands::{CharCount, CopyButton, LocalTimes},
    layout::{Banner, ConsoleFrame, FrameData, Section, Theme, shell},
};
use jiff::Timestamp;
use leptos::prelude::*;

/// Draws a view the way the server does.
fn html<V: IntoView + 'static>(view: impl FnOnce() -> V) -> String {
    let owner = Owner::new();
    owner.with(|| view().into_view().to_html())
}

fn now() -> Timestamp {
    "2026-11-24T06:44:39Z".parse().expect("a valid time")
}

fn frame() -> FrameData {
    FrameData {
        display_name: "Ana <b>Novak".into(),
        roles_line: "Operator".into(),
        inbox_count: 3,
        organization_count: None,
        sees_log: true,
        sees_people: false,
        banners: vec![Banner { tone: Tone::Info, title: "Demo".into(), text: "Made up.".into() }],
        now: now(),
    }
}

const EVIL: &str = "</textarea><script>alert(1)</script>&amp;\"'";

#[test]
fn a_text_area_does_not_let_its_value_out() {
    let html = html(|| view! { <TextArea label="Reason" name="reason" value=EVIL/> });
    assert!(html.contains("&lt;/textarea&gt;&lt;script&gt;alert(1)&lt;/script&gt;&amp;amp;"), "{html}");
    assert!(!html.contains("<script"), "{html}");
}

#[test]
fn a_text_area_keeps_a_line_break_at_its_beginning() {
    let html = html(|| view! { <TextArea label="Reason" name="reason" value="\nsecond"/> });
    assert!(html.contains(">\n\nsecond</textarea>"), "{html}");
}

#[test]
fn fields_chips_and_notes_escape_what_they_are_given() {
    let html = html(|| {
        view! {
            <Field label=EVIL name="a" value=EVIL hint=EVIL error=Some(EVIL.to_owned())/>
            <SelectField label=EVIL name="b" options=vec![SelectOption::new(EVIL, EVIL)] value=EVIL/>
            <RadioCards legend=EVIL name="c" choices=vec![Choice::new(EVIL, EVIL).hint(EVIL).mark(Tone::Bad, EVIL)]/>
            <Note title=EVIL>{EVIL}</Note>
            <RoleChip role=EVIL/>
            <CodeBlock code=EVIL title=EVIL/>
            <Identifier name=EVIL id=EVIL/>
            <Problem title=EVIL happened=EVIL next=EVIL reference=Some(EVIL.to_owned())/>
            <TimelineEvent icon=IconName::Chat at=now() now=now() quote=Some(EVIL.to_owned())>{EVIL}</TimelineEvent>
            <ErrorSummary errors=vec![ErrorItem::new(EVIL, EVIL)]/>
            <PageHeader title=EVIL lead=EVIL crumbs=vec![Crumb::link(EVIL, EVIL)]/>
            <ConsoleFrame frame=frame() current=Section::Log>{EVIL}</ConsoleFrame>
        }
    });
    assert!(!html.contains("<script"), "{html}");
    assert!(!html.contains("<b>Novak"), "{html}");
}

#[test]
fn a_field_names_its_hint_and_its_error() {
    let html = html(|| {
        view! { <Field label="Description" name="description" hint="What it is for." error=Some("Enter one.".to_owned())/> }
    });
    assert!(html.contains(r#"<label for="f-description">"#), "{html}");
    assert!(html.contains(r#"aria-invalid="true""#), "{html}");
    assert!(html.contains(r#"aria-describedby="f-description-error f-description-hint""#), "{html}");
    assert!(html.contains(r#"id="f-description-error""#) && html.contains(r#"id="f-description-hint""#), "{html}");
}

#[test]
fn a_field_without_error_is_not_called_invalid() {
    for error in [None, Some(String::new())] {
        let html = html(|| view! { <Field label="Description" name="description" error=error/> });
        assert!(!html.contains("aria-invalid") && !html.contains("aria-describedby"), "{html}");
    }
}

#[test]
fn the_error_summary_leads_to_the_field_it_speaks_of() {
    let html = html(|| {
        view! {
            <ErrorSummary errors=vec![ErrorItem::new("roles[]", "Choose a role.")]/>
            <CheckboxList legend="Roles" name="roles[]" choices=vec![Choice::new("A", "A"), Choice::new("B", "B")] error=Some("Choose a role.".to_owned())/>
        }
    });
    let id = field_id("roles[]");
    assert!(html.contains(&format!("href=\"#{id}\"")), "{html}");
    assert_eq!(html.matches(&format!("id=\"{id}\"")).count(), 1, "{html}");
    assert!(html.contains(&format!("aria-describedby=\"{id}-error\"")), "{html}");
}

#[test]
fn nothing_wrong_draws_no_summary() {
    assert!(!html(|| view! { <ErrorSummary errors=vec![]/> }).contains("error-summary"));
}

#[test]
fn a_problem_says_what_to_do_and_under_which_reference_to_look() {
    let html = html(|| {
        view! { <Problem title="No keys" happened="The database was slow." next="Reload." reference=Some("r-17".to_owned())/> }
    });
    for part in ["The database was slow.", "Reload.", "<code>r-17</code>", "role=\"alert\""] {
        assert!(html.contains(part), "{part} in {html}");
    }
}

#[test]
fn a_blocked_button_says_why_and_submits_nothing() {
    let html = html(|| {
        view! { <Button name="verdict" value="approve" blocked=Some("Nobody approves their own request.".to_owned())>"Approve"</Button> }
    });
    assert!(html.contains(r#"type="button""#) && html.contains(r#"aria-disabled="true""#), "{html}");
    assert!(html.contains("not available: Nobody approves their own request."), "{html}");
    assert!(!html.contains("submit") && !html.contains("verdict"), "{html}");
}

#[test]
fn an_unknown_figure_is_not_drawn_as_zero_or_as_a_dash() {
    let html = html(|| view! { <Stat label="Keys" value=None note="needs ORG_READ_ONLY"/> });
    assert!(html.contains("not known") && html.contains("needs ORG_READ_ONLY"), "{html}");
}

#[test]
fn a_sorted_column_says_so() {
    let html = html(|| view! { <SortHeader label="Age" href="?sort=age" sort=Sort::Descending numeric=true/> });
    assert!(html.contains(r#"aria-sort="descending""#) && html.contains(r#"scope="col""#), "{html}");
    let html = self::html(|| view! { <SortHeader label="Age" href="?sort=age"/> });
    assert!(!html.contains("aria-sort"), "{html}");
}

#[test]
fn a_time_carries_the_exact_one() {
    let html = html(|| view! { <RelativeTime at="2026-11-24T06:42:00Z".parse().expect("a time") now=now()/> });
    assert!(html.contains(r#"datetime="2026-11-24T06:42:00Z""#), "{html}");
    assert!(html.contains(r#"title="24 Nov 2026, 06:42:00 UTC""#) && html.contains("2 min ago"), "{html}");
}

#[test]
fn what_needs_script_is_hidden_without_it() {
    let html = html(|| {
        view! { <CopyButton from="secret"/><CharCount field="f-x" max=250/><LocalTimes now_ms=0/> }
    });
    assert!(html.contains("hidden"), "{html}");
    assert!(html.contains("At most 250 characters"), "{html}");
}

#[test]
fn a_copy_button_that_copies_an_element_does_not_repeat_its_text() {
    let html = html(|| view! { <code id="secret">"planted"</code><CopyButton from="secret"/> });
    assert_eq!(html.matches("planted").count(), 1, "{html}");
}

#[test]
fn the_frame_marks_where_one_is_and_hides_what_one_may_not_see() {
    let html = html(|| view! { <ConsoleFrame frame=frame() current=Section::Requests>"page"</ConsoleFrame> });
    let marked = html.split("<a ").find(|link| link.contains(r#"aria-current="page""#)).expect("one entry is marked");
    assert!(marked.contains("Requests") && marked.contains("waiting for you"), "{marked}");
    assert!(html.contains(r#"href="/log""#) && !html.contains(r#"href="/people""#), "{html}");
    assert!(html.contains(r#"method="post" action="/api/session/sign-out""#), "{html}");
}

#[test]
fn the_document_starts_in_the_colours_that_were_chosen() {
    let document = |theme: Theme| {
        html(move || {
            provide_context(theme);
            shell(LeptosOptions::builder().output_name("meridian").build(), || view! { <p>"page"</p> })
        })
    };
    assert!(document(Theme::Dark).contains(r#"<html lang="en" data-theme="dark">"#));
    assert!(document(Theme::System).contains(r#"<html lang="en">"#));
    assert_eq!(Theme::from_cookies("a=b; theme=dark; c"), Theme::Dark);
    assert_eq!(Theme::from_cookies("theme=<script>"), Theme::System);
}

#[test]
fn nothing_is_styled_or_scripted_in_place() {
    let nowhere: Option<Section> = None;
    let html = html(|| {
        view! {
            <ConsoleFrame frame=frame() current=nowhere>
                <Confirm label="Remove" title="Remove it?">"…"</Confirm>
                <Filters action="/keys"><FilterSearch label="Search" name="q"/></Filters>
                <Votes have=1 need=2/>
                <Skeleton/>
            </ConsoleFrame>
        }
    });
    for word in [" style=", " onclick=", " onchange=", "javascript:"] {
        assert!(!html.contains(word), "{word} in {html}");
    }
}
