package dev.pando.core.shard;

import java.util.Map;

/**
 * The three regions of the preset {@code geography}: shard 0 is US (the Americas), shard 1 EU (Europe, the Middle East, Africa), shard 2
 * APAC (Asia, Oceania). Listed are the regions' own names and ISO 3166-1 alpha-2 codes, in upper case. Where a country's law or its users
 * want another shard, list the countries yourself.
 */
final class Geography {
    private static final String AMERICAS =
            "US,AG,AI,AR,AW,BB,BL,BM,BO,BQ,BR,BS,BZ,CA,CL,CO,CR,CU,CW,DM,DO,EC,FK,GD,GF,GL,GP,GS,GT,GY,HN,HT,"
                    + "JM,KN,KY,LC,MF,MQ,MS,MX,NI,PA,PE,PM,PR,PY,SR,SV,SX,TC,TT,UM,UY,VC,VE,VG,VI";
    private static final String EUROPE_AND_AFRICA =
            "EU,AD,AE,AL,AM,AO,AT,AX,AZ,BA,BE,BF,BG,BH,BI,BJ,BV,BW,BY,CD,CF,CG,CH,CI,CM,CV,CY,CZ,DE,DJ,DK,DZ,EE,EG,"
                    + "EH,ER,ES,ET,FI,FO,FR,GA,GB,GE,GG,GH,GI,GM,GN,GQ,GR,GW,HR,HU,IE,IL,IM,IQ,IR,IS,IT,JE,JO,KE,KM,KW,LB,LI,"
                    + "LR,LS,LT,LU,LV,LY,MA,MC,MD,ME,MG,MK,ML,MR,MT,MU,MW,MZ,NA,NE,NG,NL,NO,OM,PL,PS,PT,QA,RE,RO,RS,RU,RW,SA,"
                    + "SC,SD,SE,SH,SI,SJ,SK,SL,SM,SN,SO,SS,ST,SY,SZ,TD,TF,TG,TN,TR,TZ,UA,UG,VA,YE,YT,ZA,ZM,ZW";
    private static final String ASIA_PACIFIC =
            "APAC,AF,AQ,AS,AU,BD,BN,BT,CC,CK,CN,CX,FJ,FM,GU,HK,HM,ID,IN,IO,JP,KG,KH,KI,KP,KR,KZ,LA,LK,MH,MM,"
                    + "MN,MO,MP,MV,MY,NC,NF,NP,NR,NU,NZ,PF,PG,PH,PK,PN,PW,SB,SG,TH,TJ,TK,TL,TM,TO,TV,TW,UZ,VN,VU,WF,WS";

    /** Values by shard number, as the settings {@code shard.N} would give them. */
    static final Map<String, String> LISTS = Map.of("0", AMERICAS, "1", EUROPE_AND_AFRICA, "2", ASIA_PACIFIC);

    private Geography() {}
}
