//! The words by which sentences are told apart, in English, Russian and Chinese: in small letters, `е` for `ё`, parted by
//! `|`. An underscore stands for what parts words, so `_bin_` is a word and `_refund` the beginning of some.

/// A wish or a question of a caller.
pub(crate) const ASKING: &str = "\
_i_want|_i'd_like|_we'd_like|_would_like|_i_need|_we_need|_can_i_|_can_we_|_could_i_|_could_you|_can_you|\
_is_it_possible|_do_i_|_how_do_i|_how_can_i|_how_much|_why_|_when_will|_wondering|_whether_|_calling_about|\
_calling_because|_question_about|_cancel|_refund|_complain|_reschedule|_instead_of|_want_to_know|_need_to|_change_|\
_move_|_renew|_return_|_replace|_swap|_extend|_register|_apply_|_report_|_transfer|_upgrade|_borrow|_hire_|_rent_|\
_let_me_have|_find_out|_covered|_allowed|_how_long|_how_often|_where_do|_where_can|_what_do_i|_which_form|\
_are_you_able|_is_there_a|_are_there_any|_do_you_have|_do_you_offer|_i_wonder|_we_wonder|\
_хочу|_хотел|_хотим|_нужно|_нужен|_нужна|_надо_|_можно_ли|_можно_|_могу_ли|_помогите|_подскажите|_почему|_сколько|\
_как_мне|_интересует|_прошу|_перенести|_отменить|_вернуть|_поменять|_заказать|_записаться|_продлить|_оформить|\
_узнать|_положен|_продли|_верну|_замен|_смени|_подключи|_отключи|_прекрат|_приостанов|_оплатит|_получить|_купить|\
_арендова|_заявить|_перевести|_восстанов|_заброниров|_сообщить|_уточнить|_выяснить|_понять|_где_мне|_где_я|_куда_мне|\
_когда|_какие_документы|_есть_ли|_надо_ли|_нужно_ли|_должен|_должна|_обязан|_дадите|_дайте|_могли_бы|_бы_узнать|\
我想|我要|想要|想换|需要|能不能|可不可以|可以嗎|可以吗|怎麼|怎么|為什麼|为什么|為何|多少錢|多少钱|什麼時候|什么时候|\
取消|退款|退貨|退货|申請|申请|投訴|投诉|幫我|帮我|請問|请问|想知道|不知道|想把|想問|想问|想請|想请|想買|想买|想訂|\
想订|要辦|要办|要訂|要订|要換|要换|要退|要停|要申|要改|改成|改到|改期|續約|续约|續借|续借|延長|延长|延期|報名|报名|\
登記|登记|補辦|补办|補發|补发|更換|更换|轉帳|转账|過戶|过户|繳費|缴费|停用|停掉|解約|解约|租|買|买|借|查詢|查询|\
查一下|算不算|有沒有|有没有|需不需要|要不要|是不是|還是|还是|哪裡可以|哪里可以|多久|幾點|几点|給我|给我";

/// Something is not as it should be.
pub(crate) const TROUBLE: &str = "\
_not_work|n't_work|_broken|_broke_|_problem|_issue|_trouble|_wrong|_missing|_lost_|_stolen|_stuck|_can't_|_cannot_|\
_won't_|_hasn't|_haven't|_didn't|_isn't|_doesn't|_no_longer|_never_|_stopped|_error|_crash|_fail|_leak|_hurts|_pain|\
_damaged|_late_|_delay|_charged|_cancelled|_canceled|_rejected|_refused|_out_of_|_nobody|_too_high|_still_|_keeps_|\
_every_time|_left_a|_forgot|_smell|_blocked|_drip|_noise|_noisy|_mould|_mold|_crack|_scratch|_burn|_flood|_swollen|\
_swell|_fever|_aches|_aching|_sick|_twice|_double|_overcharg|_expire|_expiring|_locked|_frozen|_freezes|_unable|\
_not_accept|_torn_|_empty|_too_small|_too_big|_too_late|_wrongly|_by_mistake|_complaint|_dead_|_died|_passed_away|\
_accident|_fell_|_fallen|_came_down|_came_out|_disappear|_interrupt|_drop|\
_не_работа|_сломал|_сломан|_не_могу|_не_может|_не_получ|_не_приш|_не_приход|_не_поступ|_не_отвеч|_не_звон|_нет_|\
_никто|_никак|_ошиб|_потерял|_забыл|_проблем|_до_сих_пор|_перестал|_болит|_теч|_украл|_сгорел|_поврежд|_не_хватает|\
_не_включ|_не_открыва|_отказ|_жалоб|_застря|_авари|_опазд|_задерж|_списал|_пропал|_дважды|_пахнет|_запах|_засор|\
_залож|_капает|_капля|_шум|_грохо|_плесен|_трещин|_пожар|_горит|_затоп|_температур|_опух|_ушиб|_упал|_порез|_лишн|\
_двойн|_просроч|_истек|_истека|_заблокир|_завис|_зависа|_порван|_грязн|_холодн|_не_подход|_не_открыв|_не_закрыв|\
_не_принима|_не_дозвон|_не_догов|_неверн|_неправильн|_умер|_скрип|_искр|_кончаетс|_оставил|\
壞|坏|故障|沒有|没有|不能|無法|无法|沒辦法|没办法|錯|错|丟|丢|忘|遺失|遗失|斷|断|漏|痛|不見|不见|一直|還沒|还没|延誤|\
延误|問題|问题|不到|味道|臭|塞住|堵|滴水|吵|發霉|发霉|裂|刮|淹|腫|肿|發燒|发烧|摔|重複|重复|兩次|两次|過期|过期|鎖住|\
锁住|當機|死机|髒|脏|破|打不開|打不开|收不到|連不上|连不上|不亮|不動|不动|不準|不准|不對|不对|不符|不夠|不够|太小|\
太大|太貴|太贵|掉了|吃完|用完|爆|噴|喷|停水|受傷|受伤|生病|過世|过世|車禍|车祸|自动关|扣款|扣了|被扣|截止|來不及|\
来不及|不要";

/// What people call about.
pub(crate) const MATTERS: &str = "\
_bill|_invoice|_payment|_account|_card_|_password|_contract|_subscription|_membership|_insurance|_policy|_claim|\
_passport|_licen|_certificate|_order|_deliver|_parcel|_package|_appointment|_prescription|_booking|_reservation|\
_ticket|_refund|_internet|_router|_screen|_water|_gas_|_power|_electric|_heating|_boiler|_meter|_bin_|_bins_|\
_rubbish|_repair|_tax_|_pension|_benefit|_deposit|_loan|_warranty|_cable|_signal|_channel|_website|_printer|\
_computer|_charger|_battery|_statement|_transfer|_fee_|_fees|_a_fine|_interest|_lease|_lift_|_elevator|_roof|_toilet|\
_drain|_pipe|_radiator|_fridge|_washing_machine|_luggage|_suitcase|_flight|_visa|_vaccin|_test_results|_glasses|\
_degree|_enrol|_course|_seats|_permit|_residence|_reading_|_receipt|\
_счет|_квитанц|_оплат|_карт|_парол|_договор|_подписк|_абонемент|_страхов|_полис|_паспорт|_прав_|_права_|_справк|\
_заказ|_доставк|_посылк|_прием_|_рецепт|_брон|_билет|_возврат|_интернет|_роутер|_экран|_монитор|_вод_у_|_вода_|\
_воды_|_газ|_свет_|_электр|_отоплен|_счетчик|_мусор|_ремонт|_налог|_пенси|_субсиди|_пособи|_кредит|_гаранти|_выплат|\
_кабел|_сигнал|_канал|_сайт|_принтер|_компьютер|_зарядк|_выписк|_перевод|_комисси|_штраф|_процент|_аренд|_залог|\
_лифт|_крыш|_канализац|_труб|_батаре|_холодильник|_стиральн|_багаж|_чемодан|_рейс|_виз|_прививк|_анализ|_очки|_оправ|\
_диплом|_зачислен|_курс|_места_|_столик|_зал_|_разрешен|_прописк|_показани|_чек_|_чека|_документ|\
帳單|账单|電費|电费|發票|发票|付款|帳號|账号|帳戶|账户|卡片|密碼|密码|合約|合同|會員|会员|保險|保险|保單|保单|理賠|\
理赔|護照|护照|駕照|驾照|證書|证书|證明|证明|訂單|订单|訂房|订房|包裹|預約|预约|掛號|挂号|處方|处方|門票|门票|機票|\
机票|網路|网络|螢幕|屏幕|自來水|自来水|瓦斯|煤气|停電|停电|垃圾|維修|维修|稅|税|年金|補助|补助|貸款|贷款|保固|保修|\
數據機|调制解调器|訊號|信号|頻道|频道|網站|网站|印表機|打印机|電腦|电脑|充電|充电|對帳單|对账单|匯款|汇款|轉帳|转账|\
手續費|手续费|罰單|罚单|利息|租約|租约|押金|電梯|电梯|屋頂|屋顶|馬桶|马桶|水管|冰箱|洗衣機|洗衣机|行李|班機|航班|\
簽證|签证|疫苗|檢查報告|检查报告|眼鏡|眼镜|學位|学位|註冊|注册|課程|课程|座位|位子|停車|停车|戶籍|户籍|收據|收据|\
餐廳|餐厅|包廂|包厢|訂位|订位|零件|保養|保养|輪胎|轮胎|學費|学费|請假|请假";

/// What comes after it is what matters.
pub(crate) const TURNING: &str = "\
_but_|_however|_only_|_now_|\
_но_|_только_|_а_теперь|_теперь|\
可是|但是|不過|不过|但|結果|结果";

/// Something is, was or will be done, or may be.
pub(crate) const PROMISING: &str = "\
_i'll_|_i_will_|_we'll_|_we_will_|_i've_|_i_have_|_we_have_|_we've_|_you'll_|_you_will_|_will_be_|_is_on_its_way|\
_i_can_|_we_can_|_you_can_|_can_see_you|_you_are_entitled|_you_don't_have|_please_|_let_me_arrange|_booked|_arranged|\
_refund|_free_of_charge|_should_|_you_need_to|_i'm_sending|_i'm_stopping|_i'm_writing|_we're_sending|_i_add_|\
_i'll_add|_ready_|_it_ends|_the_code_|_is_covered|_are_covered|_counts|_costs|_there's_a_|_there_is_a_|_there's_an_|\
_there_is_an_|_come_by|_come_in_|_bring_|_send_us|_upload|_install|_pay_by|_pick_it_up|_pick_up|_collect|_deliver|\
_replaced|_repaired|_credited|_cancelled_your|_moved_your|_as_long_as|_by_the_end|_until_you|_you_get|_voucher|\
_discount|\
_отправ|_пришл|_привез|_верн|_сдела|_оформ|_запис|_перенес|_поменя|_установ|_провер|_перезвон|_свяж|_исправ|_продл|\
_закаж|_выех|_включ|_выда|_выслал|_подготов|_можете|_сможете|_будет_|_будут_|_бесплатно|_положен|_придет|_поступ|\
_ответ|_приедет|_верне|_спишем|_снимем|_вышлю|_вышлем|_добавл|_помен|_замени|_довез|_положу|_отлож|_внес|_приед|\
_подъед|_подним|_перевел|_начисл|_останавл|_отключа|_подключ|_оплач|_пока_|_до_конца_|_закончит|_действует|_стоит_|\
_скидк|_возмест|_компенс|_нужно_внести|_нужно_принести|_не_нужно|_не_надо|\
幫您|帮您|為您|为您|我會|我会|我們會|我们会|會在|会在|已經|已经|安排|可以|請您|请您|馬上|马上|將|将|退给|免費|免费|\
處理|处理|回覆|回复|通知|寄出|寄給|補償|补偿|保留|派|就會|就会|退一|退還|退还|會退|会退|就好|就可以|就算|換新|换新|\
補|补|延|取消了|改到|改成|登記|登记|預留|预留|領|领|送到|送去|寄回|寄信|匯款|汇款|入帳|入账|恢復|恢复|修好|修理|更新|\
派人|派車|到場|到场|過去|过去|折價|折价|優惠|优惠|加價|不用|費用|费用|只要|請在|请在|截止|底以前|以前來|算在";

/// Greetings, thanks, farewells, the formulas of the trade.
pub(crate) const POLITE: &str = "\
_hello|_hi_|_good_morning|_good_afternoon|_good_evening|_thank|_bye|_goodbye|_welcome|_how_are_you|_speaking_|\
_have_a_|_anything_else|_no_problem|_my_pleasure|_take_care|_sorry|_apologi|_how_can_i_help|_how_may_i_help|\
_what_can_i_do|_cheers|_nice_to|_weather|_your_name|_enjoy|_good_luck|_see_you|_take_a_look|_let_me_look|_let_me_see|\
_let_me_check|_one_moment|_one_second|_hold_on|_account_number|_order_number|\
_здравствуйте|_добрый|_доброе|_спасибо|_до_свидания|_всего_доброго|_всего_хорошего|_пожалуйста|_слушаю|_меня_зовут|\
_чем_могу|_извините|_прощения|_минут_у_|_минуту|_секунду|_алло|_рады|_благодар|_хорошего_дня|_будьте_здоровы|_погод|\
_до_завтра|_назовите|_сочувств|_очень_жаль|\
您好|你好|妳好|早安|午安|晚安|謝謝|谢谢|感謝|感谢|再見|再见|不客氣|不客气|抱歉|不好意思|對不起|对不起|請稍等|请稍等|\
稍等|很高興|很高兴|祝您|祝你|請說|请说|什麼可以幫|什么可以帮|其他需要|我查一下|我看一下|天氣|天气|辛苦|敝姓|大名";

/// Somebody is to say what it is about.
pub(crate) const INVITING: &str = "\
_help|_can_i_do_for_you|_what_happened|_what's_happening|_what's_going_on|_what_is_going_on|_going_on_|_problem|\
_the_matter|_go_ahead|_fire_away|_what's_up|_what's_it_about|_tell_me|_your_question|_the_question|\
_чем_могу|_слушаю|_что_случилось|_что_произошло|_рассказывайте|_рассказывай_|_говорите|_какой_у_вас_вопрос|\
_что_интересует|_интересует|_суть_вопроса|_в_чем_дело|_вопрос|\
請說|请说|請講|请讲|什麼事|什么事|怎麼了|怎么了|怎麼啦|怎么啦|發生|发生|什麼狀況|什么状况|服務|服务|可以幫|可以帮|\
需要什麼|需要什么|什麼需要|什么需要|要辦什麼|要办什么|什麼問題|什么问题|什麼可以|什么可以";

/// A time, a date, an amount.
pub(crate) const WHEN: &str = "\
_today|_tomorrow|_tonight|_monday|_tuesday|_wednesday|_thursday|_friday|_saturday|_sunday|_hour|_minute|_within_|\
_days|_week|_o'clock|_month|_half_past|_noon|_pounds|_dollars|_euros|\
_сегодня|_завтра|_послезавтра|_понедельник|_вторник|_сред_у_|_четверг|_пятниц|_суббот|_воскресень|_час|_минут|\
_в_течение|_дней|_дня_|_недел|_месяц|_рабочих|_рубл|_тысяч|_утр|_вечер|_до_конца|\
今天|明天|後天|后天|星期|禮拜|礼拜|週|周|小時|小时|分鐘|分钟|天內|天内|工作天|工作日|號|号|點|点|以前|之前|月底|元|\
塊|块";
