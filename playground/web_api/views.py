"""views.*: modals and Home."""

from playground import content
from playground.block_kit.views import checked_view
from playground.errors import SlackError
from playground.happenings import views
from playground.records import Doc
from playground.web_api.call import Call, invalid_arguments, method


@method("views.open", tier=4)
def views_open(call: Call) -> Doc:
    """Open a modal for whoever caused the trigger; from within a modal it goes on top of it."""
    view = checked_view(_view(call), "modal")
    trigger = call.site.triggers.exchange(call.text("trigger_id"))
    return {"view": views.open_modal(call.site, trigger.user_id, view, on_top_of=trigger.view_id)}


@method("views.push", tier=4)
def views_push(call: Call) -> Doc:
    """Put a modal on top of the one in which the trigger was caused."""
    view = checked_view(_view(call), "modal")
    trigger = call.site.triggers.exchange(call.text("trigger_id"))
    if trigger.view_id is None or not call.site.modals.stack(trigger.user_id):
        raise SlackError("not_found")
    return {"view": views.open_modal(call.site, trigger.user_id, view, on_top_of=trigger.view_id)}


@method("views.update", tier=4)
def views_update(call: Call) -> Doc:
    """Give an open modal, or a Home, new content."""
    view_id, external_id = call.text("view_id", ""), call.text("external_id", "")
    if not view_id and not external_id:
        raise invalid_arguments("missing required field: view_id or external_id")
    given_hash = call.text("hash", "") or None
    for user_id, home in call.site.workspace.homes.items():
        if view_id == home["id"]:
            return {"view": views.publish_home(call.site, user_id, checked_view(_view(call), "home"), given_hash)}
    view = call.site.modals.find(view_id) if view_id else call.site.modals.by_external_id(external_id)
    return {"view": views.update_modal(call.site, view, checked_view(_view(call), "modal"), given_hash)}


@method("views.publish", tier=4)
def views_publish(call: Call) -> Doc:
    """Show a person the app's Home."""
    person = call.person("user_id")
    home = checked_view(_view(call), "home")
    return {"view": views.publish_home(call.site, person.id, home, call.text("hash", "") or None)}


def _view(call: Call) -> Doc:
    """Answer the view argument."""
    view = content.structure(call.args.get("view"), "invalid_arguments")
    if not isinstance(view, dict):
        raise invalid_arguments("must provide an object: view")
    return view
