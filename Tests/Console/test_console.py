"""The console as an analyst uses it, in a real browser."""
import re

from meneki import wait_for
from playwright.sync_api import expect
from protocol_client import Client, frames_pb2


def sign_in(page, master):
    page.fill("input[name=name]", "admin")
    page.fill("input[name=password]", master.password())
    page.press("input[name=password]", "Enter")
    expect(page.locator("ol.incidents > li").first).to_be_visible()


def slide(page, score):
    """Moves the slider as the keyboard and the mouse do: the value changes and the page is told."""
    page.locator("#min").evaluate(
        "(slider, value) => { slider.value = value; slider.dispatchEvent(new Event('input', { bubbles: true })); }",
        str(score))


def scores(page):
    rows = page.locator("ol.incidents > li:visible")
    return [float(value) for value in rows.evaluate_all("rows => rows.map(row => row.dataset.score)")]


def test_nothing_is_shown_without_signing_in(page, told):
    expect(page).to_have_url(re.compile("/sign-in"))
    page.goto("/incidents?min=70")
    expect(page).to_have_url(re.compile("/sign-in"))
    page.fill("input[name=name]", "admin")
    page.fill("input[name=password]", "not the password")
    page.press("input[name=password]", "Enter")
    expect(page.locator("ol.incidents")).to_have_count(0)
    expect(page.get_by_role("alert")).to_be_visible()


def test_the_list_opens_without_the_weak_ones_and_says_so(page, told):
    sign_in(page, told[0])
    assert min(scores(page)) >= 40
    expect(page.locator("#min-shown")).to_have_text("40%")
    page.locator("#list .weaker a").click()
    expect(page).to_have_url(re.compile("min=0"))
    assert min(scores(page)) < 40
    expect(page.locator("#list .weaker")).to_have_count(0)


def test_the_slider_leaves_what_is_above_it(page, told):
    sign_in(page, told[0])
    page.goto("/incidents?min=0")
    every = scores(page)
    assert every == sorted(every, reverse=True) and every[0] >= 70 > every[-1]
    slide(page, 70)
    expect(page.locator("#min-shown")).to_have_text("70%")
    expect(page.locator("ol.incidents > li:visible")).to_have_count(sum(score >= 70 for score in every))
    assert min(scores(page)) >= 70


def test_the_incident_tells_its_story_in_both_languages(page, told):
    master, story = told
    domain = story["destination"].split(".", 1)[1]
    sign_in(page, master)
    page.locator("ol.incidents > li", has_text=domain).first.click()
    told_story = page.locator("section.story")
    expect(told_story).to_contain_text(story["device"].lower())
    expect(told_story).to_contain_text(domain)
    expect(told_story).to_contain_text("GB")
    expect(page.locator("main")).to_contain_text(story["server"].lower())
    # Files are listed below their share: the last part of the path is the name.
    names = {entry["name"].rsplit("\\", 1)[1] for entry in story["files"]}
    shown = page.locator("main").inner_text()
    assert any(name in shown for name in names), "no file that was read is listed"
    expect(page.locator(".charts canvas").first).to_be_visible()
    page.get_by_role("button", name="日本語").click()
    expect(page.locator("html")).to_have_attribute("lang", "ja")
    expect(page.locator("section.story")).to_contain_text(domain)
    assert re.search("[ぁ-ん]", page.locator("section.story").inner_text()), "the story is not in Japanese"


def test_devices_and_sensors_are_listed(page, told):
    master, story = told
    sign_in(page, master)
    page.locator("nav a[href='/devices']").click()
    page.goto(f"/devices?q={story['device'].lower()}")
    expect(page.locator("main")).to_contain_text(story["address"])
    page.locator("nav a[href='/sensors']").click()
    expect(page.locator("main")).to_contain_text("tokyo")


def test_nothing_sticks_out_on_a_telephone(page, told):
    page.set_viewport_size({"width": 390, "height": 844})
    sign_in(page, told[0])
    domain = told[1]["destination"].split(".", 1)[1]
    incident = page.locator("ol.incidents > li", has_text=domain).first.locator("a").first.get_attribute("href")
    for path in ["/incidents", incident, "/devices", "/users", "/sensors", "/search", "/settings"]:
        page.goto(path)
        expect(page.locator("main")).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390, path


def test_metrics_tell_how_each_sensor_is(page, told, tmp_path):
    master = told[0]
    client = Client(("127.0.0.1", master.port), master.token("osaka"), "osaka", "python", tmp_path)
    connection, _ = client.connect()
    connection.send(health=frames_pb2.Health(
        at_ns=1_762_000_000_000_000_000, packets=1234, dropped=5, spool_bytes=77, cpu_permille=250))
    sign_in(page, master)
    address = page.url.split("/incidents")[0] + "/metrics"

    def lines():
        return page.request.get(address).text().splitlines()

    wait_for(lambda: any('sensor="python"' in line for line in lines()), "the health is told")
    labels = '{sensor="python",site="osaka"}'
    assert {f"sensor_packets{labels} 1234", f"sensor_dropped_packets{labels} 5", f"sensor_spool_bytes{labels} 77",
            f"sensor_cpu_cores{labels} 0.25", f"sensor_reported_at_seconds{labels} 1762000000"} <= set(lines())
    assert "# TYPE sensor_packets gauge" in lines()
    connection.close()
