"""The tracker's records in GitHub's form, with every field that the published schemas of its webhooks ask for."""

import hashlib

from playground.records import Doc
from playground.tracker.records import (
    BRANCH,
    LOGINS,
    NAME,
    OWNER,
    REPOSITORY,
    Comment,
    Delivery,
    Issue,
    Milestone,
    Release,
)

_FOUNDED_AT = "2026-01-05T09:00:00Z"
_USER_URLS = {
    "followers_url": "/followers",
    "following_url": "/following{/other_user}",
    "gists_url": "/gists{/gist_id}",
    "starred_url": "/starred{/owner}{/repo}",
    "subscriptions_url": "/subscriptions",
    "organizations_url": "/orgs",
    "repos_url": "/repos",
    "events_url": "/events{/privacy}",
    "received_events_url": "/received_events",
}
_REPOSITORY_URLS = {
    "forks_url": "/forks",
    "keys_url": "/keys{/key_id}",
    "collaborators_url": "/collaborators{/collaborator}",
    "teams_url": "/teams",
    "hooks_url": "/hooks",
    "issue_events_url": "/issues/events{/number}",
    "events_url": "/events",
    "assignees_url": "/assignees{/user}",
    "branches_url": "/branches{/branch}",
    "tags_url": "/tags",
    "blobs_url": "/git/blobs{/sha}",
    "git_tags_url": "/git/tags{/sha}",
    "git_refs_url": "/git/refs{/sha}",
    "trees_url": "/git/trees{/sha}",
    "statuses_url": "/statuses/{sha}",
    "languages_url": "/languages",
    "stargazers_url": "/stargazers",
    "contributors_url": "/contributors",
    "subscribers_url": "/subscribers",
    "subscription_url": "/subscription",
    "commits_url": "/commits{/sha}",
    "git_commits_url": "/git/commits{/sha}",
    "comments_url": "/comments{/number}",
    "issue_comment_url": "/issues/comments{/number}",
    "contents_url": "/contents/{+path}",
    "compare_url": "/compare/{base}...{head}",
    "merges_url": "/merges",
    "archive_url": "/{archive_format}{/ref}",
    "downloads_url": "/downloads",
    "issues_url": "/issues{/number}",
    "pulls_url": "/pulls{/number}",
    "milestones_url": "/milestones{/number}",
    "notifications_url": "/notifications{?since,all,participating}",
    "labels_url": "/labels{/name}",
    "releases_url": "/releases{/id}",
    "deployments_url": "/deployments",
}
_FEATURES = ("has_issues", "has_projects", "has_downloads", "has_wiki", "has_pages")
_COUNTS = ("size", "stargazers_count", "watchers_count", "forks_count", "forks", "watchers")
_THUMBS = ("+1", "-1", "laugh", "hooray", "confused", "heart", "rocket", "eyes")


class Shapes:
    """The forms, of a playground at ``url``: the API is below /tracker/api, and people open /demo/shop/issues/12, as at
    a GitHub of one's own, so that whoever reads GitHub's addresses reads these."""

    def __init__(self, url: str) -> None:
        self._url = url
        self._api = f"{url}/tracker/api/repos/{REPOSITORY}"
        self._web = f"{url}/{REPOSITORY}"

    def user(self, login: str) -> Doc:
        """Answer somebody who acts in the tracker."""
        api, kind = f"{self._url}/tracker/api/users/{login}", "Organization" if login == OWNER else "User"
        doc: Doc = {"login": login, "id": LOGINS[login], "node_id": _node("U", LOGINS[login])}
        doc |= {"avatar_url": f"{self._url}/{login}.png", "gravatar_id": "", "url": api}
        doc |= {"html_url": f"{self._url}/{login}", "type": kind, "site_admin": False}
        return doc | {name: api + path for name, path in _USER_URLS.items()}

    def repository(self, open_issues: int) -> Doc:
        """Answer the repository with how many issues are open in it."""
        doc: Doc = {"id": 1, "node_id": _node("R", 1), "name": NAME, "full_name": REPOSITORY, "private": True}
        doc |= {"owner": self.user(OWNER), "html_url": self._web, "url": self._api, "description": None, "fork": False}
        doc |= {name: self._api + path for name, path in _REPOSITORY_URLS.items()}
        doc |= {"created_at": _FOUNDED_AT, "updated_at": _FOUNDED_AT, "pushed_at": _FOUNDED_AT}
        doc |= {"git_url": f"{self._web}.git", "ssh_url": f"git@tracker:{REPOSITORY}.git"}
        doc |= {"clone_url": f"{self._web}.git", "svn_url": self._web, "homepage": None, "language": None}
        doc |= dict.fromkeys(_FEATURES, False) | {"has_issues": True} | dict.fromkeys(_COUNTS, 0)
        doc |= {"mirror_url": None, "archived": False, "disabled": False, "license": None, "is_template": False}
        doc |= {"open_issues": open_issues, "open_issues_count": open_issues, "default_branch": BRANCH}
        return doc | {
            "web_commit_signoff_required": False,
            "topics": [],
            "visibility": "private",
            "custom_properties": {},
        }

    def issue(self, issue: Issue, milestone: Doc | None) -> Doc:
        """Answer an issue; of a pull request what issues and pull requests share, and where the rest is."""
        api = f"{self._api}/issues/{issue.number}"
        doc: Doc = {"url": api, "repository_url": self._api, "labels_url": f"{api}/labels{{/name}}"}
        doc |= {"comments_url": f"{api}/comments", "events_url": f"{api}/events", "timeline_url": f"{api}/timeline"}
        doc |= {"html_url": self.page_of(issue), "node_id": self.node_id(issue), "performed_via_github_app": None}
        doc |= self._shared(issue, milestone) | {"state_reason": issue.state_reason, "comments": issue.comments}
        if issue.is_pull:
            where = {"url": f"{self._api}/pulls/{issue.number}", "html_url": self.page_of(issue)}
            files = {"diff_url": f"{self.page_of(issue)}.diff", "patch_url": f"{self.page_of(issue)}.patch"}
            doc["pull_request"] = where | files | {"merged_at": issue.closed_at}
        return doc | {"reactions": _reactions(api)}

    def pull_request(self, pull: Issue, milestone: Doc | None, open_issues: int) -> Doc:
        """Answer a pull request, which here is always merged into the default branch."""
        api, web, issue = f"{self._api}/pulls/{pull.number}", self.page_of(pull), f"{self._api}/issues/{pull.number}"
        head, merge = _sha(f"head {pull.number}"), _sha(f"merge {pull.number}")
        comments = {"review_comments_url": f"{api}/comments", "comments_url": f"{issue}/comments"}
        links = {"self": api, "html": web, "issue": issue, "comments": f"{issue}/comments", "commits": f"{api}/commits"}
        links |= {"review_comments": f"{api}/comments", "review_comment": f"{self._api}/pulls/comments{{/number}}"}
        links |= {"statuses": f"{self._api}/statuses/{head}"}
        doc: Doc = {"url": api, "node_id": self.node_id(pull), "html_url": web, "issue_url": issue}
        doc |= {"diff_url": f"{web}.diff", "patch_url": f"{web}.patch", "commits_url": links["commits"]} | comments
        doc |= {"review_comment_url": links["review_comment"], "statuses_url": links["statuses"]}
        doc |= self._shared(pull, milestone) | {"merged_at": pull.closed_at, "merge_commit_sha": merge, "merged": True}
        doc |= {"merged_by": self.user(pull.user), "mergeable": None, "rebaseable": None, "mergeable_state": "unknown"}
        doc |= {"requested_reviewers": [], "requested_teams": [], "auto_merge": None, "draft": False}
        doc |= {"head": self._end(f"change-{pull.number}", head, open_issues)}
        doc |= {"base": self._end(BRANCH, _sha(BRANCH), open_issues)}
        doc |= {"_links": {name: {"href": href} for name, href in links.items()}, "maintainer_can_modify": False}
        doc |= {"comments": pull.comments, "review_comments": 0, "commits": 1}
        return doc | {"additions": 1, "deletions": 1, "changed_files": 1}

    def comment(self, comment: Comment, issue: Issue) -> Doc:
        """Answer a comment on an issue."""
        api = f"{self._api}/issues/comments/{comment.id}"
        doc: Doc = {"url": api, "html_url": f"{self.page_of(issue)}#issuecomment-{comment.id}", "body": comment.body}
        doc |= {"issue_url": f"{self._api}/issues/{issue.number}", "id": comment.id, "node_id": _node("IC", comment.id)}
        doc |= {"user": self.user(comment.user), "author_association": "MEMBER", "performed_via_github_app": None}
        doc |= {"created_at": comment.created_at, "updated_at": comment.created_at}
        return doc | {"reactions": _reactions(api)}

    def milestone(self, milestone: Milestone, open_issues: int, closed_issues: int) -> Doc:
        """Answer a milestone with how many of its issues are open and closed."""
        api = f"{self._api}/milestones/{milestone.number}"
        doc: Doc = {"url": api, "html_url": f"{self._web}/milestone/{milestone.number}", "labels_url": f"{api}/labels"}
        doc |= {"id": 3_000 + milestone.number, "node_id": _node("MI", milestone.number), "number": milestone.number}
        doc |= {"title": milestone.title, "description": milestone.description or None, "state": milestone.state}
        doc |= {"creator": self.user(milestone.user), "open_issues": open_issues, "closed_issues": closed_issues}
        doc |= {"created_at": milestone.created_at, "updated_at": milestone.updated_at, "due_on": None}
        return doc | {"closed_at": milestone.closed_at}

    def release(self, release: Release) -> Doc:
        """Answer a release."""
        api = f"{self._api}/releases/{release.id}"
        doc: Doc = {"url": api, "assets_url": f"{api}/assets", "upload_url": f"{api}/assets{{?name,label}}"}
        doc |= {"html_url": f"{self._web}/releases/tag/{release.tag}", "id": release.id, "assets": []}
        doc |= {"node_id": _node("RE", release.id), "tag_name": release.tag, "target_commitish": BRANCH}
        doc |= {"name": release.name, "body": release.body, "author": self.user(release.user)}
        doc |= {"draft": release.published_at is None, "prerelease": release.prerelease}
        doc |= {"created_at": release.created_at, "published_at": release.published_at}
        tag = release.tag
        return doc | {"tarball_url": f"{self._api}/tarball/{tag}", "zipball_url": f"{self._api}/zipball/{tag}"}

    def label(self, name: str) -> Doc:
        """Answer a label."""
        number = int(_sha(name)[:6], 16)
        doc: Doc = {
            "id": number,
            "node_id": _node("LA", number),
            "url": f"{self._api}/labels/{name.replace(' ', '%20')}",
        }
        return doc | {"name": name, "color": "1f5c4d", "default": False, "description": None}

    def hook(self, url: str, events: tuple[str, ...]) -> Doc:
        """Answer the webhook; nobody is told its secret again."""
        api = f"{self._api}/hooks/1"
        doc: Doc = {"type": "Repository", "id": 1, "name": "web", "active": True, "events": list(events), "url": api}
        doc |= {"config": {"content_type": "json", "url": url, "insecure_ssl": "0", "secret": "********"}}
        doc |= {"created_at": _FOUNDED_AT, "updated_at": _FOUNDED_AT, "ping_url": f"{api}/pings"}
        return doc | {"deliveries_url": f"{api}/deliveries"}

    def delivery(self, delivery: Delivery) -> Doc:
        """Answer an attempt to tell the hook's address, without what was sent."""
        words = "OK" if delivery.ok else delivery.reason or "Pending"
        doc: Doc = {"id": delivery.id, "guid": delivery.guid, "delivered_at": delivery.at, "status": words}
        doc |= {"redelivery": delivery.redelivery, "duration": delivery.seconds, "status_code": delivery.status or 0}
        doc |= {"event": delivery.event, "action": delivery.action or None, "installation_id": None}
        return doc | {"repository_id": 1, "throttled_at": None}

    def page_of(self, issue: Issue) -> str:
        """Answer where people read an issue or a pull request."""
        return f"{self._web}/{'pull' if issue.is_pull else 'issues'}/{issue.number}"

    def node_id(self, issue: Issue) -> str:
        """Answer what the tracker calls an issue or a pull request by itself."""
        return _node("PR" if issue.is_pull else "I", issue.number)

    def _shared(self, issue: Issue, milestone: Doc | None) -> Doc:
        """Answer what issues and pull requests say alike."""
        assignees = [self.user(login) for login in issue.assignees]
        doc: Doc = {"id": 1_000 + issue.number, "number": issue.number, "title": issue.title, "body": issue.body}
        doc |= {"user": self.user(issue.user), "labels": [self.label(name) for name in issue.labels]}
        doc |= {"state": issue.state, "locked": False, "active_lock_reason": None, "author_association": "MEMBER"}
        doc |= {"assignee": assignees[0] if assignees else None, "assignees": assignees, "milestone": milestone}
        return doc | {"created_at": issue.created_at, "updated_at": issue.updated_at, "closed_at": issue.closed_at}

    def _end(self, ref: str, sha: str, open_issues: int) -> Doc:
        """Answer one end of a pull request: the branch that it came from, or went to."""
        doc: Doc = {"label": f"{OWNER}:{ref}", "ref": ref, "sha": sha, "user": self.user(OWNER)}
        return doc | {"repo": self.repository(open_issues)}


def _node(prefix: str, number: int) -> str:
    """Answer a GraphQL id in GitHub's form."""
    return f"{prefix}_kwPLAYGROUND{number:06d}"


def _sha(text: str) -> str:
    """Answer what looks like a commit's name, the same for the same text."""
    return hashlib.sha256(text.encode()).hexdigest()[:40]


def _reactions(api: str) -> Doc:
    """Answer that nobody reacted."""
    return {"url": f"{api}/reactions", "total_count": 0} | dict.fromkeys(_THUMBS, 0)
