import cProfile, pstats, time, pytest
from django.urls import reverse
from tests.load.rows import build_docket
from tests.factories import make_user
from t2eval.accounts.roles import Role
from tests.proposals.drafts import draft_of
@pytest.mark.django_db
def test_perf(client):
    docket = build_docket(proposals=500, officers=[make_user(Role.OFFICER) for _ in range(3)])
    client.force_login(make_user(Role.ADMIN))
    a = reverse("proposals:what-if", args=[draft_of().pk])
    f = lambda: client.get(a, {"docket": docket.pk, "weight-transfer": "30"}, headers={"HX-Request": "true"})
    r = f(); print(len(r.content))
    for _ in range(3):
        t=time.process_time(); f(); print("cpu", round(1000*(time.process_time()-t)))
    p=cProfile.Profile(); p.enable(); f(); p.disable()
    pstats.Stats(p).sort_stats("cumulative").print_stats(70)
