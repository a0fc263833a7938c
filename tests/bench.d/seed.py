"""Writes the records of a contact center as `frontdesk import` reads them, the same for the same number of tickets.

What a filter or a search of the benchmark finds does not depend on how many records there are: HANDFUL rows, FEW rows, or all.
"""

import datetime
import json
import sys

EMPLOYEES, SPONSORS, CODES, CATEGORIES, SUBCATEGORIES = 50, 10, 20, 10, 40
# Rows that carry a rare word, and rows with the last employee, sponsor and code, which nothing else names.
HANDFUL, FEW = 20, 500
RARE = {"Chinese": "龘靐齉", "Cyrillic": "ѣѳѵ"}
# In every row.
COMMON = {"Chinese": "客服中心", "Cyrillic": "колл-центр"}

START = datetime.datetime(2023, 1, 1, tzinfo=datetime.timezone.utc)
SPAN = datetime.timedelta(days=1390)

SUBJECTS = [
    "退款申請與帳務問題", "Возврат средств за повторное списание", "Connection lost since the morning", "變更寄送地址",
    "Не приходит счёт на почту", "Card declined at checkout", "連線中斷，請協助處理", "Жалоба на качество связи", "Contract renewal terms",
    "會員資料更新與身分確認", "Перенос установки на другой день", "Invoice shows a wrong company name",
]
STORIES = [
    "客戶來電表示昨天下午開始無法登入系統，已重新啟動設備並更換網路線，狀況仍未改善。客戶希望今天下班前由專人回電說明，並確認是否需要派工程師到府檢查。",
    "Клиент сообщает, что деньги за услугу списаны дважды, и просит вернуть разницу на карту. Просит перезвонить после обеда.",
    "The customer says the modem was replaced twice this month and still drops the line every evening; wants a technician and a credit note.",
    "申請人提供了新的通訊地址與聯絡電話，要求更新會員資料，並且將本月帳單改寄到公司。身分已核對完成，等待主管覆核後即可結案，請於三個工作天內處理。",
    "Абонент жалуется на медленный интернет по вечерам, проверка линии ошибок не показала. Назначена встреча с инженером на четверг.",
    "Asked to move the appointment to next week and to have the contract read by our lawyers first; the draft was sent to their office today.",
]
FIRST = ["大明", "Иван", "Anna", "美玲", "Ольга", "James", "志豪", "Сергей", "Maria", "雅婷"]
LAST = ["王", "Петров", "Schmidt", "陳", "Сидорова", "Brown", "林", "Ким", "García", "張"]


def mixed(i):
    """A number that looks random, the same for the same `i`."""
    i = (i ^ (i >> 16)) * 0x45D9F3B & 0xFFFFFFFF
    i = (i ^ (i >> 16)) * 0x45D9F3B & 0xFFFFFFFF
    return i ^ (i >> 16)


def one(i, most):
    """One of 1 to `most`."""
    return 1 + mixed(i) % most


def marked(i, rows, of):
    """Whether `i` is one of so many, evenly spread over all `rows`."""
    return i * of % rows < of


def created(i, rows):
    """When the record `i` of `rows` was made: as many every day."""
    return START + datetime.timedelta(seconds=int(SPAN.total_seconds()) * i // rows)


def text(moment):
    return moment.strftime("%Y-%m-%dT%H:%M:%SZ")


def stamps(i, rows):
    moment = created(i, rows)
    return {"created_at": text(moment), "updated_at": text(moment + datetime.timedelta(minutes=mixed(i) % 3000))}


def rare(i, rows):
    return f" {RARE['Chinese']} {RARE['Cyrillic']}" if marked(i + 7, rows, HANDFUL) else ""


def contacts_of(rows):
    return rows // HANDFUL


def call_task_id(i):
    return f"01890000-0000-7000-8000-{i:012x}"


def desk(rows):
    """Who and what the others refer to."""
    yield {"record": "organization", "id": 1, "slug": "bench", "name": "Bench", "time_zone": "Asia/Taipei", "language": "zh-Hant"}
    for i in range(1, 11):
        yield {"record": "group", "id": i, "name": f"客服 {i}", "supervisor_id": i}
        yield {"record": "job_title", "id": i, "name": f"Оператор {i}", "abbrev": f"O{i}"}
        yield {"record": "department", "id": i, "name": f"Department {i}", "number": f"D{i:02}"}
        yield {"record": "sponsor", "id": i, "name": f"業主 {i}", "description": "Заказчик"}
        yield {"record": "category", "id": i, "name": f"類別 {i}", "description": "帳務"}
    for i in range(1, SUBCATEGORIES + 1):
        yield {"record": "subcategory", "id": i, "name": f"Подкатегория {i}", "description": "子類別", "category_id": 1 + i % CATEGORIES}
    for i in range(1, CODES + 1):
        yield {"record": "termination_code", "id": i, "name": f"已回覆 {i}", "description": "Отвечено", "status": i % 4, "creater_id": 1}
    for i in range(1, EMPLOYEES + 1):
        role = "admin" if i == 1 else "agent"
        yield {"record": "extension", "id": i, "type": 0, "extension": str(100 + i), "description": "desk"}
        yield {"record": "cti_agent", "id": i, "account": f"agent{i}", "group_id": 1 + i % 10}
        yield {"record": "employee", "id": i, "employee_no": "admin" if i == 1 else f"e{i}", "first_name": FIRST[i % 10], "last_name": LAST[i % 10],
               "role": role, "email": f"e{i}@example.com", "job_title_id": 1 + i % 10, "department_id": 1 + i % 10, "extension_id": i,
               "group_id": 1 + i % 10, "cti_agent_id": i, "profile_id": i}
    people = contacts_of(rows)
    for i in range(1, people + 1):
        phone = {"id": i, "type": 2, "number": f"+7 495 {i:07}"}
        yield {"record": "contact", "id": i, "first_name": FIRST[i % 10], "last_name": LAST[i * 7 % 10], "membership_no": f"M{i:07}",
               "gender": i % 2, "sponsor_id": one(i, SPONSORS - 1), "profile": {"id": EMPLOYEES + i, "phones": [phone]}, **stamps(i, people)}


def ticket(i, rows):
    few = marked(i, rows, FEW)
    person = lambda salt: EMPLOYEES if few else one(i + salt, EMPLOYEES - 1)
    return {
        "record": "ticket", "id": i, "subject": f"{SUBJECTS[mixed(i) % 12]} {i}",
        "content": f"{STORIES[mixed(i + 3) % 6]} {i} · {COMMON['Chinese']} · {COMMON['Cyrillic']}{rare(i, rows)}",
        "status": mixed(i + 5) % 4, "priority": mixed(i + 6) % 3, "status_memo": "已通知客戶" if i % 3 == 0 else None,
        "due_at": text(created(i, rows) + datetime.timedelta(days=3)), "contact_id": 1 + i % contacts_of(rows), "sub_category_id": one(i, SUBCATEGORIES),
        "creater_id": person(1), "handler_id": person(2), "sponsor_id": SPONSORS if few else one(i + 3, SPONSORS - 1),
        "termination_code_id": CODES if few else one(i + 4, CODES - 1), **stamps(i, rows),
    }


def call_task(i, rows):
    few = marked(i, rows, FEW)
    status = ("new", "in_progress", "completed", "completed", "cancelled")[mixed(i + 5) % 5]
    moment = text(created(i, rows) + datetime.timedelta(hours=2))
    return {
        "record": "call_task", "id": call_task_id(i), "title": f"{COMMON['Chinese']} · {COMMON['Cyrillic']} · {SUBJECTS[mixed(i) % 12]} {i}{rare(i, rows)}",
        "description": STORIES[mixed(i + 3) % 6], "task_type": "survey" if few else "call", "status": status, "completed_at": moment if status == "completed" else None,
        "priority": "urgent" if few else ("low", "normal", "high")[mixed(i + 6) % 3], "caller_phone": f"+7 495 {1 + i % contacts_of(rows):07}",
        "caller_name": FIRST[i % 10], "call_id": f"c{i}", "call_datetime": text(created(i, rows)), "call_transcription": STORIES[mixed(i + 4) % 6],
        "call_summary": SUBJECTS[mixed(i + 8) % 12], "assigned_user_id": EMPLOYEES if few else one(i, EMPLOYEES - 1), "created_by_user_id": 1,
        "appeal_id": i, **stamps(i, rows),
    }


def interaction(i, rows):
    moment = text(created(i, rows))
    return {
        "record": "interact_collection", "id": i, "is_acw_completed": True, "first_enter_queue_at": moment, "first_start_service_at": moment,
        "acw_at": moment, "last_finished_at": moment, "handler_id": one(i, EMPLOYEES), "contact_id": 1 + i % contacts_of(rows), "memo": "來電",
        "bound_type": 1, "sponsor_id": one(i, SPONSORS), "result_id": 1, "ticket_ids": [i * 10], **stamps(i, rows),
    }


def appointment(i, rows):
    day = created(i, rows)
    return {
        "record": "appointment", "id": i, "task_num": f"20230101{i:07}", "business_id": 15, "out_task_num": f"A-{i}", "out_task_type": "bench",
        "task_type": "normal", "task_notify": False, "task_time": str(int(day.timestamp())), "task_remark": STORIES[i % 6], "branch_code": "943",
        "room_type": "normal", "video": True, "ticket_id": i, "creater_id": 1, "moderators": [{"employee_id": one(i, EMPLOYEES)}],
        "publishers": [{"customer_name": "王大明", "customer_id_num": f"M{1 + i % contacts_of(rows):07}", "customer_email": "m@example.com"}], **stamps(i, rows),
    }


def records(rows):
    yield from desk(rows)
    for i in range(1, rows + 1):
        yield ticket(i, rows)
        yield call_task(i, rows)
    for i in range(1, rows // 10 + 1):
        yield interaction(i, rows // 10)
        yield appointment(i, rows // 10)


if __name__ == "__main__":
    for record in records(int(sys.argv[1])):
        sys.stdout.write(json.dumps(record, ensure_ascii=False, separators=(",", ":")) + "\n")
