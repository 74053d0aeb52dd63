import time
from tests.security.conftest import House
async def test_try(house: House) -> None:
    await house.say("我在武汉洪山区")
    for t in ("低保要满足什么条件","/restart","/person","/cancel","/greet",'/inform_place{"place":"110101","programme":"tekun","entry":"x"}','/choose{"answer":"dibao-apply"}',"／nlu_fallback","\u200f/back","/repeat","/simplify","/bye","/complaint","/ask_status"):
        a=time.perf_counter(); c=time.process_time()
        s=await house.say(t)
        print(repr(t), round((time.perf_counter()-a)*1e3), round((time.process_time()-c)*1e3), s.conversation.holder, s.conversation.region, [ (r.about.get('outcome'), r.about.get('reason'), r.text[:30]) for r in s.replies])
        tu=(await house.turns(s.conversation.id))
        u=[e for e in tu[-1]["events"] if e["event"]=="user"]
        print("   ", u[-1]["parse_data"]["intent"] if u else None, await house.slots(s.conversation.id))
