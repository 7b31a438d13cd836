from django.urls import path

from rubrics.views import draft_parts, draft_structure, draft_weights, drafts, versions, weight_helpers

DRAFT = "drafts/<uuid:pk>/"

app_name = "rubrics"
urlpatterns = [
    path("", versions.version_list, name="version-list"),
    path("compare/", versions.version_compare, name="version-compare"),
    path("versions/<uuid:pk>/", versions.version_detail, name="version-detail"),
    path("versions/<uuid:pk>/file/", versions.version_file, name="version-file"),
    path("drafts/new/", drafts.draft_start, name="draft-start"),
    path("drafts/import/", drafts.draft_import, name="draft-import"),
    path(DRAFT, drafts.draft_detail, name="draft-detail"),
    path(f"{DRAFT}rename/", drafts.draft_rename, name="draft-rename"),
    path(f"{DRAFT}update/", drafts.draft_update, name="draft-update"),
    path(f"{DRAFT}discard/", drafts.draft_discard, name="draft-discard"),
    path(f"{DRAFT}file/", drafts.draft_file, name="draft-file"),
    path(f"{DRAFT}scale/", draft_parts.draft_scale, name="draft-scale"),
    path(f"{DRAFT}weights/", draft_weights.draft_weights, name="draft-weights"),
    path(f"{DRAFT}weights/swing/", weight_helpers.draft_swing, name="draft-swing"),
    path(f"{DRAFT}weights/rank-order/", weight_helpers.draft_rank_order, name="draft-rank-order"),
    path(
        f"{DRAFT}sections/<slug:section>/weights/", draft_weights.draft_criteria_weights, name="draft-criteria-weights"
    ),
    path(f"{DRAFT}bands/", draft_parts.draft_bands, name="draft-bands"),
    path(f"{DRAFT}sections/<slug:section>/", draft_parts.draft_section, name="draft-section"),
    path(f"{DRAFT}sections/<slug:section>/pairings/", draft_parts.draft_pairings, name="draft-pairings"),
    path(f"{DRAFT}sections/<slug:section>/<slug:kind>/new/", draft_structure.draft_item_add, name="draft-item-add"),
    path(f"{DRAFT}items/<slug:key>/", draft_parts.draft_item, name="draft-item"),
    path(f"{DRAFT}items/<slug:key>/move/", draft_structure.draft_item_move, name="draft-item-move"),
    path(f"{DRAFT}items/<slug:key>/remove/", draft_structure.draft_item_remove, name="draft-item-remove"),
    path(f"{DRAFT}gates/<slug:key>/", draft_parts.draft_gate, name="draft-gate"),
    path(f"{DRAFT}gates/<slug:key>/remove/", draft_structure.draft_gate_remove, name="draft-gate-remove"),
]
