import time, statistics, asyncio
from tests.security.conftest import House
import pytest
STORY="我家的情况说来话长，我爸又病了，家里没有钱。"
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
async def test_x(house: House) -> None:
    def t(text):
        return text
    for name,text in {"short":"低保怎么申请","600":(STORY*60)[:600],"600朝阳":"朝阳"*300,"600一":"一"*600,"ﷺ":"ﷺ"*600,"600latin":("lorem ipsum dolor "*60)[:600],"emoji":"😭"*600,"600两问":("低保怎么申请？要什么材料？"*60)[:600],"600mix":"".join(chr(0x4e00+i*7) for i in range(600))}.items():
        ws=[];cs=[]
        for i in range(6):
            tx=text if i==0 else text[:-1]+chr(0x4e00+i)
            a=time.perf_counter();c=time.process_time()
            await house.agent.parse_message(tx)
            ws.append(time.perf_counter()-a);cs.append(time.process_time()-c)
        ws2=[];cs2=[]
        for i in range(4):
            a=time.perf_counter();c=time.process_time()
            await house.say((text*200)[:100000] if name!="short" else text+str(i))
            ws2.append(time.perf_counter()-a);cs2.append(time.process_time()-c)
        print(name,"parse",[round(x*1e3) for x in cs],"say100k cpu",[round(x*1e3) for x in cs2])
